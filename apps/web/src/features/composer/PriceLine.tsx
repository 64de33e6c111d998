import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { StateIcon } from "../../ui/StateIcon.tsx";
import type { Composing } from "./useComposer.ts";

/** What a press would cost, and what is left for it. The last price stays until the next is known. */
export function PriceLine({ composing }: { readonly composing: Composing }) {
  const { words } = useWords();
  const { number } = measuresOf(words);
  const { quote, quoting, available, short, settings } = composing;
  if (settings === null) return null;
  return (
    <p
      data-price={quote?.total}
      aria-busy={quoting}
      className="tabular mr-auto flex flex-wrap items-center gap-x-3 gap-y-1 px-1.5 text-sm"
    >
      {quote === null ? (
        <span className="text-soft">{quoting ? words.composer.pricing : words.composer.priceUnknown}</span>
      ) : (
        <span className={quoting ? "text-faint" : "text-ink"}>
          {quote.total === 0 ? words.composer.free : words.composer.price(number(quote.total))}
        </span>
      )}
      {short > 0 ? (
        <span className="flex items-center gap-1.5 text-failed">
          <StateIcon icon="triangle-alert" tone="failed" size={14} />
          {words.composer.short(number(short))}
        </span>
      ) : (
        available !== null &&
        quote !== null &&
        quote.total > 0 && <span className="text-soft">{words.composer.left(number(available - quote.total))}</span>
      )}
    </p>
  );
}
