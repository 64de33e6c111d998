import { useCallback } from "react";
import { useWords } from "../i18n/LanguageProvider.tsx";
import { useAssetAction } from "../live/useStudioActions.ts";
import { say } from "../ui/toasts.ts";
import { draftLike, draftOfVersion } from "./composer/draftFrom.ts";
import { focusPrompt } from "./composer/focusPrompt.ts";
import { failureWords } from "./failureWords.ts";
import { useStudioUi } from "./studio/StudioUi.ts";
import type { Asset, AssetAction, AssetId, PrimaryActionView } from "@reelstate/lifecycle";

export interface AssetPressing {
  /** Does what a button of an asset says. Refusals are said in words. */
  press(asset: Asset, action: PrimaryActionView): void;
  pendingOf(id: AssetId): AssetAction | null;
}

export function useAssetPress(options: { onEdit?(): void } = {}): AssetPressing {
  const { onEdit } = options;
  const { draft, drawer, toDelete, toldPrices } = useStudioUi();
  const { words } = useWords();
  const { act, pendingOf } = useAssetAction();
  const press = useCallback(
    (asset: Asset, { type, edit }: PrimaryActionView) => {
      if (type === "add_credits") return drawer.set("credits");
      if (type === "check_settings") return drawer.set("settings");
      if (type === "choose_model") {
        draft.set(draftLike(draft.get(), asset));
        onEdit?.();
        return focusPrompt();
      }
      if (type === "delete") return toDelete.set(asset);
      if (type === "regenerate" && edit) {
        draft.set(draftOfVersion(draft.get(), asset));
        onEdit?.();
        return focusPrompt();
      }
      const price = type === "retry" || type === "regenerate" ? { expectedQuote: seenPrice(asset, toldPrices) } : {};
      void act(asset, type, price).then((result) => {
        if (result === null) return;
        if (result.ok) return void toldPrices.delete(asset.id);
        const { refusal } = result;
        // The words name the price of today, and ask for another press.
        if (refusal?.why === "quote_changed" && refusal.quote !== null) toldPrices.set(asset.id, refusal.quote.total);
        say(failureWords(result.error, words), "failed");
      });
    },
    [act, draft, drawer, onEdit, toDelete, toldPrices, words],
  );
  return { press, pendingOf };
}

/** What the person knows of the price; of one that nobody has seen only that nothing was agreed to. */
function seenPrice({ id, lastJob }: Asset, told: ReadonlyMap<AssetId, number>): number {
  return told.get(id) ?? lastJob?.quote ?? 0;
}
