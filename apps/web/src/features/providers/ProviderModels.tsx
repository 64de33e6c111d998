import { useWords } from "../../i18n/LanguageProvider.tsx";
import { priceFrom } from "../models/priceFrom.ts";
import { moved } from "./moved.ts";
import { MoveButtons } from "./MoveButtons.tsx";
import { PROVIDERS_PAGE_WORDS } from "./providersPageWords.ts";
import type { ProviderCard, ProviderModel } from "@reelstate/api";

export interface ProviderModelsProps {
  readonly card: Pick<ProviderCard, "models">;
  onChange(models: readonly ProviderModel[]): void;
}

/** Which of its models are offered, and in which order. Each press is kept at once. */
export function ProviderModels({ card: { models }, onChange }: ProviderModelsProps) {
  const { words: studioWords, language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  return (
    <section aria-label={words.models} className="mt-6">
      <h3 className="text-sm font-medium">{words.models}</h3>
      <p className="mt-0.5 text-xs text-soft">{words.modelsHint}</p>
      <ol className="mt-2 divide-y divide-line border-y border-line">
        {models.map((model, index) => (
          <li key={model.id} data-model={model.id} className="flex items-center gap-2 py-1 text-sm">
            <label className="flex min-h-9 min-w-0 flex-1 cursor-pointer items-center gap-3">
              <input
                type="checkbox"
                aria-label={words.offered(model.name)}
                checked={!model.off}
                onChange={({ target }) => onChange(models.with(index, { ...model, off: !target.checked }))}
                className="size-4 shrink-0 accent-accent"
              />
              <span className="min-w-0 flex-1">
                <span className="block truncate">{model.name}</span>
                <span className="tabular block text-xs text-soft">
                  {studioWords.type[model.type]} · {priceFrom(model, studioWords)}
                </span>
              </span>
            </label>
            <MoveButtons
              up={words.up(model.name)}
              down={words.down(model.name)}
              isFirst={index === 0}
              isLast={index === models.length - 1}
              onMove={(by) => {
                const next = moved(models, index, by);
                if (next !== null) onChange(next);
              }}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}
