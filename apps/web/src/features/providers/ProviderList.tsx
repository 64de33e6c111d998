import { useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { SavedLine } from "../settings/SavedLine.tsx";
import { moved } from "./moved.ts";
import { ProviderRow } from "./ProviderRow.tsx";
import { PROVIDERS_PAGE_WORDS } from "./providersPageWords.ts";
import type { ProviderCard } from "@reelstate/api";
import type { ProviderSettings } from "./useProviderSettings.ts";

export interface ProviderListProps {
  readonly settings: ProviderSettings;
  readonly providers: readonly ProviderCard[];
  /** The names of those that are unfolded. */
  readonly open: ReadonlySet<string>;
  onToggle(name: string): void;
}

/** Everyone who can make media, in the order in which they are offered. */
export function ProviderList({ settings, providers, open, onToggle }: ProviderListProps) {
  const { language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  const [told, setTold] = useState("");
  const move = (index: number, by: -1 | 1) => {
    const next = moved(providers, index, by);
    const card = providers[index];
    if (next === null || card === undefined) return;
    settings.reorder(next.map(({ name }) => name));
    setTold(words.place(card.label, index + by + 1, next.length));
  };
  return (
    <>
      <div className="mt-6 flex min-h-6 items-center justify-between gap-3">
        <h2 className="text-xs text-faint">{words.list}</h2>
        <SavedLine saving={settings.saving} />
      </div>
      <ol className="mt-2 divide-y divide-line border-y border-line">
        {providers.map((card, index) => (
          <ProviderRow
            key={card.name}
            card={card}
            settings={settings}
            isFirst={index === 0}
            isLast={index === providers.length - 1}
            open={open.has(card.name)}
            onToggle={() => onToggle(card.name)}
            onMove={(by) => move(index, by)}
          />
        ))}
      </ol>
      <p aria-live="polite" className="sr-only">
        {told}
      </p>
    </>
  );
}
