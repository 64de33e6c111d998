import { measuresOf } from "../i18n/measures.ts";
import { refusalOf } from "../live/refusalOf.ts";
import { studioBroke } from "../live/studioBroke.ts";
import type { StudioWords } from "../i18n/StudioWords.ts";

/** Why something that was asked for did not happen: refused, broken, or not answered at all. */
export function failureWords(error: unknown, words: StudioWords): string {
  const refusal = refusalOf(error);
  if (refusal !== null) return words.refusal(refusal, measuresOf(words).number);
  return studioBroke(error) ? words.broke : words.unreachable;
}
