import { useWords } from "../../i18n/LanguageProvider.tsx";
import { useQueue } from "../../live/useQueue.ts";
import { trpc } from "../../trpc.ts";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { EndedJob } from "./EndedJob.tsx";
import { LiveJobRow } from "./LiveJobRow.tsx";

/** What is under way, first to last, and what ended lately. */
export function QueuePanel({ onLeave }: { onLeave(): void }) {
  const { words } = useWords();
  const { waiting } = useQueue();
  const { data: jobs } = trpc.jobs.list.useQuery({ limit: 100 });
  if (jobs === undefined) return <Skeleton label={words.common.loading} className="m-5 h-40" />;
  const live = jobs.filter(({ endedAt }) => endedAt === null).toReversed();
  const ended = jobs.filter(({ endedAt }) => endedAt !== null).slice(0, 30);
  return (
    <div className="flex flex-col">
      <section aria-label={words.queue.live}>
        <h3 className="flex items-baseline justify-between px-5 pt-4 pb-2 text-xs text-faint">
          {words.queue.live}
          {waiting > 0 && <span className="tabular">{words.queue.waitingCount(waiting)}</span>}
        </h3>
        {live.length === 0 ? (
          <div className="px-5 pt-2 pb-6 text-sm">
            <p>{words.queue.empty}</p>
            <p className="text-soft">{words.queue.emptyHint}</p>
          </div>
        ) : (
          <ul className="divide-y divide-line border-y border-line">
            {live.map((job) => (
              <LiveJobRow key={job.id} job={job} onLeave={onLeave} />
            ))}
          </ul>
        )}
      </section>
      <section aria-label={words.queue.ended}>
        <h3 className="px-5 pt-6 pb-2 text-xs text-faint">{words.queue.ended}</h3>
        {ended.length === 0 ? (
          <p className="px-5 pb-6 text-sm text-soft">{words.queue.none}</p>
        ) : (
          <ul className="divide-y divide-line border-y border-line">
            {ended.map((job) => (
              <EndedJob key={job.id} job={job} onLeave={onLeave} />
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}
