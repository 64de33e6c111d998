import { CheckIcon, CircleDotIcon, TriangleAlertIcon } from "lucide-react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { notSavedWords } from "./notSavedWords.ts";
import { SAVED_WORDS } from "./savedWords.ts";

/** How keeping a setting goes. */
export type Saving = { readonly at: "idle" | "saving" | "saved" } | { readonly at: "failed"; readonly error: unknown };

/** Whether what is shown is kept. */
export function SavedLine({ saving, unsaved = false }: { readonly saving: Saving; readonly unsaved?: boolean }) {
  const { words: studioWords, language } = useWords();
  const words = SAVED_WORDS[language];
  const at = unsaved && (saving.at === "idle" || saving.at === "saved") ? "unsaved" : saving.at;
  return (
    <output data-saving={at} className="flex min-w-0 items-start gap-1.5 text-sm text-soft">
      {at === "unsaved" && (
        <>
          <CircleDotIcon aria-hidden size={14} className="mt-0.75 shrink-0" />
          {words.unsaved}
        </>
      )}
      {at === "saving" && words.saving}
      {at === "saved" && (
        <>
          <CheckIcon aria-hidden size={14} className="mt-0.75 shrink-0" />
          {words.saved}
        </>
      )}
      {saving.at === "failed" && (
        <span className="flex gap-1.5 text-failed">
          <TriangleAlertIcon aria-hidden size={14} className="mt-0.75 shrink-0" />
          {words.notSaved(notSavedWords(saving.error, words, studioWords))}
        </span>
      )}
    </output>
  );
}
