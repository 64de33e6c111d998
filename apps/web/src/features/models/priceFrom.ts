import { measuresOf } from "../../i18n/measures.ts";
import type { ModelCard } from "@reelstate/api";
import type { StudioWords } from "../../i18n/StudioWords.ts";

/** What one asset by a model costs at least with its usual settings. */
export function priceFrom({ from }: Pick<ModelCard, "from">, words: StudioWords): string {
  return from === 0 ? words.composer.free : words.settings.from(measuresOf(words).number(from));
}
