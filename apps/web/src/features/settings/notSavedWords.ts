import { refusalOf } from "../../live/refusalOf.ts";
import { studioBroke } from "../../live/studioBroke.ts";
import { failureWords } from "../failureWords.ts";
import type { StudioWords } from "../../i18n/StudioWords.ts";
import type { SavedWords } from "./savedWords.ts";

/** Why a setting was not kept, and what to do. */
export function notSavedWords(error: unknown, words: SavedWords, studioWords: StudioWords): string {
  const refusal = refusalOf(error);
  if (refusal === null) return studioBroke(error) ? words.broke : words.unreachable;
  if (refusal.why === "invalid_input" && refusal.field !== null)
    return words.fieldWrong(refusal.field, refusal.message);
  return failureWords(error, studioWords);
}
