import { providersHref } from "../../address/Address.ts";
import { navigate } from "../../address/navigate.ts";
import { usePlace } from "../../address/usePlace.ts";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { trpc } from "../../trpc.ts";
import { Select } from "../../ui/Select.tsx";
import { byProvider } from "../models/byProvider.ts";
import { priceFrom } from "../models/priceFrom.ts";
import { providerName } from "../models/providerName.ts";
import type { ModelCard } from "@reelstate/api";

export interface ModelSelectProps {
  readonly chosen: ModelCard;
  readonly offered: readonly ModelCard[];
  onChoose(id: string): void;
}

/** Every model under its provider, with what it costs: two providers may offer models of one name. */
export function ModelSelect({ chosen, offered, onChoose }: ModelSelectProps) {
  const { words, language } = useWords();
  const { place } = usePlace();
  const utils = trpc.useUtils();
  const provider = providerName(chosen, words);
  const toProviders = () => navigate(providersHref(place));
  return (
    <Select
      label={words.composer.model}
      value={chosen.id}
      says={`${chosen.name} · ${provider}`}
      shown={<ModelName model={chosen} />}
      groups={byProvider(offered).map((group) => ({
        key: group.provider,
        label: providerName(group, words),
        options: group.models.map((model) => ({
          value: model.id,
          label: model.name,
          aside: priceFrom(model, words),
          hint: model.description[language],
        })),
      }))}
      more={hasOwnOnly(offered) ? { label: words.composer.addProvider, onChoose: toProviders } : undefined}
      // Somebody else may have turned one off or on since.
      onOpen={() => void utils.models.list.invalidate()}
      onChoose={onChoose}
    />
  );
}

/** Nothing but what the studio itself can make. */
function hasOwnOnly(models: readonly ModelCard[]): boolean {
  return models.every(({ provider }) => provider === "local");
}

/** The model, and whose it is; of a name that is too long its end is left out, not the provider. */
export function ModelName({ model }: { readonly model: ModelCard }) {
  const { words } = useWords();
  return (
    <>
      <span className="min-w-0 truncate">{model.name}</span>
      <span className="shrink-0 text-soft">{" · "}</span>
      <span className="max-w-28 shrink-0 truncate text-soft">{providerName(model, words)}</span>
    </>
  );
}
