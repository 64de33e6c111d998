import { useCallback } from "react";
import { useWords } from "../i18n/LanguageProvider.tsx";
import { measuresOf } from "../i18n/measures.ts";
import { useAssetAction } from "../live/useStudioActions.ts";
import { say } from "../ui/toasts.ts";
import { draftLike, draftOfVersion } from "./composer/draftFrom.ts";
import { focusPrompt } from "./composer/focusPrompt.ts";
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
      if (type === "delete") return toDelete.set(asset);
      if (type === "regenerate" && edit) {
        // A version keeps its references; where one of them was never made, the words go into something new.
        const anew = asset.errorCode === "input_not_ready";
        draft.set(anew ? { ...draftLike(draft.get(), asset), inputs: [] } : draftOfVersion(draft.get(), asset));
        onEdit?.();
        return focusPrompt();
      }
      void act(asset, type).then((result) => {
        if (result === null || result.ok) return;
        say(
          result.refusal === null ? words.unreachable : words.refusal(result.refusal, measuresOf(words).number),
          "failed",
        );
      });
    },
    [act, draft, drawer, onEdit, toDelete, words],
  );
  return { press, pendingOf };
}
