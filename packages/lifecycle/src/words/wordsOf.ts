import { EN } from "./en.ts";
import { ZH } from "./zh.ts";
import type { Language } from "../language.ts";
import type { Words } from "./Words.ts";

const WORDS = { en: EN, zh: ZH } as const satisfies Record<Language, Words>;

export function wordsOf(language: Language): Words {
  return WORDS[language];
}
