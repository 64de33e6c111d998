import { createContext, use, useCallback, useEffect, useMemo, useState } from "react";
import { remember, remembered } from "../remembered.ts";
import { studioWordsOf } from "./studioWordsOf.ts";
import type { ReactNode } from "react";
import type { Language } from "@reelstate/lifecycle";
import type { StudioWords } from "./StudioWords.ts";

export interface Speech {
  readonly language: Language;
  readonly words: StudioWords;
  setLanguage(language: Language): void;
}

const SpeechContext = createContext<Speech | null>(null);

/** Speaks the remembered language, else the first of the browser's that we know; switches in place. */
export function LanguageProvider({ children, first }: { readonly children: ReactNode; readonly first?: Language }) {
  const [language, choose] = useState<Language>(() => first ?? firstLanguage());
  const setLanguage = useCallback((next: Language) => {
    remember("language", next);
    choose(next);
  }, []);
  useEffect(() => {
    document.documentElement.lang = studioWordsOf(language).locale;
  }, [language]);
  const speech = useMemo(() => ({ language, words: studioWordsOf(language), setLanguage }), [language, setLanguage]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export function useWords(): Speech {
  const speech = use(SpeechContext);
  if (speech === null) throw new Error("Words are asked for outside of <LanguageProvider>.");
  return speech;
}

function firstLanguage(): Language {
  const chosen = remembered("language");
  if (chosen === "en" || chosen === "zh") return chosen;
  const known = navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag));
  return known?.toLowerCase().startsWith("zh") ? "zh" : "en";
}
