import { useCallback } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { trpc } from "../../trpc.ts";
import { providerName } from "./providerName.ts";

/** Whose a model is and what it is called, in this order because the end is what is cut off; one that is offered no more by its id, which begins with its provider. */
export function useModelNames(): (model: string) => string {
  const { words } = useWords();
  const { data: models } = trpc.models.list.useQuery();
  return useCallback(
    (model) => {
      const card = models?.find(({ id }) => id === model);
      return card === undefined ? model : `${providerName(card, words)} · ${card.name}`;
    },
    [models, words],
  );
}
