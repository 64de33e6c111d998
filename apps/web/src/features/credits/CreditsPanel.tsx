import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { trpc } from "../../trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { usePlace } from "../../address/usePlace.ts";
import { signedDelta } from "./signedDelta.ts";
import { useLedger } from "./useLedger.ts";
import type { CreditEntry } from "@reelstate/api";

/** The balance, and every line of the ledger behind it with the work it was for. */
export function CreditsPanel({ onLeave }: { onLeave(): void }) {
  const { words } = useWords();
  const { number } = measuresOf(words);
  const { data: summary } = trpc.credits.summary.useQuery();
  const { entries, hasMore, loadingMore, loadMore } = useLedger();
  const figures =
    summary === undefined
      ? []
      : ([
          [words.credits.available, summary.balance - summary.held],
          [words.credits.held, summary.held],
          [words.credits.balance, summary.balance],
        ] as const);
  return (
    <div>
      <dl className="grid grid-cols-3 gap-3 px-5 pt-5">
        {figures.map(([label, value], index) => (
          <div key={label}>
            <dt className="text-xs text-faint">{label}</dt>
            <dd className={index === 0 ? "tabular text-xl" : "tabular text-xl text-soft"}>{number(value)}</dd>
          </div>
        ))}
      </dl>
      <p className="px-5 pt-3 text-sm text-soft">{words.credits.howToAdd}</p>
      <h3 className="px-5 pt-6 pb-2 text-xs text-faint">{words.credits.entries}</h3>
      {entries === null ? (
        <Skeleton label={words.common.loading} className="mx-5 h-40" />
      ) : entries.length === 0 ? (
        <p className="px-5 text-sm text-soft">{words.credits.empty}</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {entries.map((entry) => (
            <LedgerLine key={entry.id} entry={entry} onLeave={onLeave} />
          ))}
        </ul>
      )}
      {hasMore && (
        <div className="flex justify-center p-4">
          <Button kind="quiet" disabled={loadingMore} onClick={loadMore}>
            {loadingMore ? words.common.loading : words.credits.more}
          </Button>
        </div>
      )}
    </div>
  );
}

function LedgerLine({ entry, onLeave }: { readonly entry: CreditEntry; onLeave(): void }) {
  const { words } = useWords();
  const { openAsset } = usePlace();
  const measures = measuresOf(words);
  const { assetId } = entry;
  const name = entry.assetName ?? (entry.jobId === null ? null : words.credits.deleted);
  return (
    <li className="flex items-center gap-3 px-5 py-2.5 text-sm">
      <span className="min-w-0 flex-1">
        <span className="block">{words.credits.kind[entry.kind]}</span>
        {name !== null && assetId !== null ? (
          <button
            type="button"
            onClick={() => {
              onLeave();
              openAsset(assetId);
            }}
            className="block max-w-full truncate py-1 text-left text-xs text-soft underline decoration-edge underline-offset-2 hover:text-ink"
          >
            {name}
          </button>
        ) : (
          name !== null && <span className="block truncate text-xs text-soft">{name}</span>
        )}
      </span>
      <span className="shrink-0 text-right">
        <span className="tabular block">{signedDelta(entry, measures.number)}</span>
        <span className="tabular block text-xs text-faint">{measures.moment(entry.at)}</span>
      </span>
    </li>
  );
}
