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
  const { draft, drawer, toDelete } = useStudioUi();
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
      void act(asset, type).then((result) => {
        if (result === null || result.ok) return;
        say(failureWords(result.error, words), "failed");
      });
    },
    [act, draft, drawer, onEdit, toDelete, words],
  );
  return { press, pendingOf };
}
