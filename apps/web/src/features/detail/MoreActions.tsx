import { useWords } from "../../i18n/LanguageProvider.tsx";
import { Button } from "../../ui/Button.tsx";
import { useAssetMenu } from "../useAssetMenu.tsx";
import { ASSET_ACTIONS } from "@reelstate/lifecycle";
import type { Asset } from "@reelstate/lifecycle";

/** What can be done with its picture and words, whatever its state. */
export function MoreActions({ asset, onLeave }: { readonly asset: Asset; onLeave(): void }) {
  const { words } = useWords();
  const choicesOf = useAssetMenu(onLeave);
  const isLifecycle = (key: string) => ASSET_ACTIONS.some((action) => action === key);
  const choices = choicesOf(asset, () => {}).filter(({ key }) => !isLifecycle(key));
  if (choices.length === 0) return null;
  return (
    <section aria-label={words.common.more} className="flex flex-wrap gap-1 p-3 pb-8">
      {choices.map(({ key, label, icon, onChoose }) => (
        <Button key={key} kind="quiet" icon={icon} onClick={onChoose}>
          {label}
        </Button>
      ))}
    </section>
  );
}
