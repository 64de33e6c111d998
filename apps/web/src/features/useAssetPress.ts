import { useCallback } from "react";
import { providersHref } from "../address/Address.ts";
import { navigate } from "../address/navigate.ts";
import { usePlace } from "../address/usePlace.ts";
import { useWords } from "../i18n/LanguageProvider.tsx";
import { useAssetAction } from "../live/useStudioActions.ts";
import { trpc } from "../trpc.ts";
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
  const { place } = usePlace();
  const { models } = trpc.useUtils();
  const providerOf = useCallback(
    ({ currentVersion: { model } }: Asset) =>
      models.list.getData()?.find(({ id }) => id === model)?.provider ?? model.split("/")[0] ?? null,
    [models],
  );
  const press = useCallback(
    (asset: Asset, { type, edit }: PrimaryActionView) => {
      if (type === "add_credits") return drawer.set("credits");
      if (type === "check_settings") return navigate(providersHref(place, providerOf(asset)));
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
    [act, draft, drawer, onEdit, place, providerOf, toDelete, toldPrices, words],
  );
  return { press, pendingOf };
}

/** What the person knows of the price; of one that nobody has seen only that nothing was agreed to. */
function seenPrice({ id, lastJob }: Asset, told: ReadonlyMap<AssetId, number>): number {
  return told.get(id) ?? lastJob?.quote ?? 0;
}
