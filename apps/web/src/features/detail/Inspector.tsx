import { viewOf } from "@reelstate/lifecycle";
import { useCallback } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { useAssetPress } from "../useAssetPress.ts";
import { usePlace } from "../../address/usePlace.ts";
import { Facts } from "./Facts.tsx";
import { InspectorState } from "./InspectorState.tsx";
import { MoreActions } from "./MoreActions.tsx";
import { PromptSection } from "./PromptSection.tsx";
import { Timeline } from "./Timeline.tsx";
import { Versions } from "./Versions.tsx";
import type { AssetHistory } from "@reelstate/api";
import type { Asset, AssetVersion } from "@reelstate/lifecycle";

export interface InspectorProps {
  readonly asset: Asset;
  /** Null until it is there. */
  readonly history: AssetHistory | null;
  /** The version that is looked at. */
  readonly shown: AssetVersion;
  onLook(version: AssetVersion | null): void;
}

export function Inspector({ asset, history, shown, onLook }: InspectorProps) {
  const { language } = useWords();
  const { closeAsset } = usePlace();
  const leave = useCallback(() => closeAsset(), [closeAsset]);
  const { press, pendingOf } = useAssetPress({ onEdit: leave });
  const view = viewOf(asset, language);
  return (
    <aside
      data-inspector={asset.id}
      className="shrink-0 divide-y divide-line border-line max-lg:border-t lg:w-100 lg:overflow-y-auto lg:border-l"
    >
      <InspectorState
        asset={asset}
        view={view}
        busy={pendingOf(asset.id) !== null}
        onPress={(action) => press(asset, action)}
      />
      {asset.origin === "generated" && <PromptSection version={shown} />}
      <Facts asset={asset} version={shown} />
      {history !== null && history.versions.length > 1 && (
        <Versions versions={history.versions} currentId={asset.currentVersion.id} shownId={shown.id} onLook={onLook} />
      )}
      {history !== null && <Timeline asset={asset} history={history} />}
      <MoreActions asset={asset} onLeave={leave} />
    </aside>
  );
}
