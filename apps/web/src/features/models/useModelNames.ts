import { useCallback } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { trpc } from "../../trpc.ts";
import { providerName } from "./providerName.ts";

/** A model by its name and whose it is; one that is offered no more by its id, which begins with its provider. */
export function useModelNames(): (model: string) => string {
  const { words } = useWords();
  const { data: models } = trpc.models.list.useQuery();
  return useCallback(
    (model) => {
      const card = models?.find(({ id }) => id === model);
      return card === undefined ? model : `${card.name} · ${providerName(card, words)}`;
    },
    [models, words],
  );
}
