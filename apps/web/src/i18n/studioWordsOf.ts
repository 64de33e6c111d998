import { EN } from "./en.ts";
import { ZH } from "./zh.ts";
import type { Language } from "@reelstate/lifecycle";
import type { StudioWords } from "./StudioWords.ts";

const WORDS: Readonly<Record<Language, StudioWords>> = { en: EN, zh: ZH };

export function studioWordsOf(language: Language): StudioWords {
  return WORDS[language];
}
