import { useMemo } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { machineEdges } from "../../ui/machineEdges.ts";
import { MachineDiagram } from "../../ui/MachineDiagram.tsx";
import { pathTaken } from "../../ui/pathTaken.ts";
import { statusView } from "../../ui/statusView.ts";
import { StateIcon } from "../../ui/StateIcon.tsx";
import { useStatusWords } from "../useStatusWords.ts";
import type { AssetHistory, AssetTransition } from "@reelstate/api";
import type { Asset } from "@reelstate/lifecycle";

/** What happened, as the machine sees it: the path drawn, and each step with its time beside it. */
export function Timeline({ asset, history }: { readonly asset: Asset; readonly history: AssetHistory }) {
  const { words } = useWords();
  const statusWords = useStatusWords();
  const { clock } = measuresOf(words);
  const { transitions } = history;
  const edges = useMemo(() => machineEdges(), []);
  const steps = pathTaken(transitions, edges);
  const orderOf = new Map(steps.map(({ order, transition }) => [transition.seq, order]));
  return (
    <section aria-label={words.detail.timeline} className="p-5">
      <h2 className="text-xs text-faint">{words.detail.timeline}</h2>
      <div className="mt-2 flex justify-center">
        <MachineDiagram
          edges={edges}
          steps={steps}
          current={asset.liveJob?.status ?? asset.status}
          statusWords={statusWords}
          describe={words.detail.diagram}
          clock={clock}
        />
      </div>
      <ol className="mt-4">
        {transitions.map((transition, index) => (
          <Happening
            key={transition.seq}
            transition={transition}
            before={transitions[index - 1] ?? null}
            order={orderOf.get(transition.seq) ?? null}
          />
        ))}
      </ol>
    </section>
  );
}

function Happening({
  transition,
  before,
  order,
}: {
  readonly transition: AssetTransition;
  readonly before: AssetTransition | null;
  /** Its number in the diagram; null where no status changed. */
  readonly order: number | null;
}) {
  const { words, language } = useWords();
  const { clock, span } = measuresOf(words);
  const { event, at, attempt, code } = transition;
  const { tone, icon } = statusView(transition.jobTo ?? transition.to, language);
  const asides = [
    event === "claim" && attempt > 1 ? words.eventTry(attempt) : null,
    code === null ? null : words.codes(code),
  ].filter((aside) => aside !== null);
  return (
    <li
      data-transition={event}
      className="relative flex gap-3 pb-3.5 text-sm not-last:before:absolute not-last:before:top-5 not-last:before:bottom-0.5 not-last:before:left-1.75 not-last:before:w-px not-last:before:bg-line"
    >
      <StateIcon icon={icon} tone={tone} size={15} className="mt-0.75" />
      <span className="min-w-0 flex-1">
        {order !== null && (
          <span
            aria-hidden
            className="tabular mr-2 inline-block min-w-4.5 rounded-full bg-press px-1 text-center text-xs text-soft"
          >
            {order}
          </span>
        )}
        {words.events[event]}
        {asides.length > 0 && <span className="text-soft"> · {asides.join(" · ")}</span>}
      </span>
      <span className="shrink-0 text-right">
        <time dateTime={new Date(at).toISOString()} className="timecode block text-xs leading-5 text-soft">
          {clock(at)}
        </time>
        {before !== null && (
          <span className="tabular block text-xs text-faint">+{span(Math.max(0, at - before.at))}</span>
        )}
      </span>
    </li>
  );
}
