import { legalTransitions } from "../legalTransitions.ts";
import { PROCESSING_PHASES } from "../status.ts";
import type { Accepted } from "../decision.ts";
import type { LifecycleEvent } from "../events.ts";
import type { LegalTransitions } from "../legalTransitions.ts";
import type { AssetRows, HoldRow, JobRow } from "../rows.ts";
import type { Status } from "../status.ts";

type Checked = readonly [rule: string, holds: boolean];

/** Which rules of SPEC.md an accepted event breaks between the rows before it and what is to be written. */
export function brokenStepRules(
  before: AssetRows | null,
  event: LifecycleEvent,
  accepted: Accepted,
): readonly string[] {
  const sameJob = before !== null && before.job !== null && before.job.id === accepted.next.job?.id;
  return [
    ...recordRules(before, event, accepted),
    ...ledgerRules(before, accepted, sameJob),
    ...(before === null ? [] : assetRules(before, event, accepted)),
    ...(sameJob ? jobRules(before.job, accepted.next.job, event) : startRules(before, accepted)),
  ].flatMap(([rule, holds]) => (holds ? [] : [rule]));
}

function recordRules(before: AssetRows | null, event: LifecycleEvent, { next, record }: Accepted): readonly Checked[] {
  const raise = next.asset.rowVersion - (before?.asset.rowVersion ?? 0);
  if (event.type === "progress") {
    return [
      ["E4 progress is not logged", record === null],
      ["A9 progress leaves the asset's row alone", raise === 0 && next.asset === before?.asset],
    ];
  }
  const told = record !== null && record.from === (before?.asset.status ?? null) && record.to === next.asset.status;
  return [
    ["E1 everything but progress writes one event, with the statuses before and after", told],
    ["E1 the event is the one that happened", record?.event === event.type],
    ["A9 every visible change raises the row version by one", raise === 1],
  ];
}

function ledgerRules(before: AssetRows | null, { next, ledger }: Accepted, sameJob: boolean): readonly Checked[] {
  const was = sameJob ? (before?.hold?.state ?? null) : null;
  const is = next.job === null ? null : (next.hold?.state ?? null);
  const amount = next.hold?.amount ?? 0;
  const expected = was === is || amount === 0 ? null : DELTAS[is ?? "held"](amount);
  return [
    [
      "C3 a hold is (0, +q), a capture (−q, −q), a release (0, −q), and nothing else is an entry",
      expected === null
        ? ledger === null
        : ledger?.kind === expected[0] && ledger.balance === expected[1] && ledger.held === expected[2],
    ],
    ["C3 an entry belongs to the job", ledger === null || ledger.jobId === next.job?.id],
    ["C2 a hold keeps its amount", !sameJob || before?.hold?.amount === next.hold?.amount],
    ["C2 a hold ends once", was === null || was === is || legal("hold", was, is as HoldRow["state"])],
  ];
}

const DELTAS = {
  held: (q: number) => ["hold", 0, q],
  captured: (q: number) => ["capture", -q, -q],
  released: (q: number) => ["release", 0, -q],
} as const satisfies Record<HoldRow["state"], (q: number) => readonly [string, number, number]>;

function assetRules(before: AssetRows, event: LifecycleEvent, { next }: Accepted): readonly Checked[] {
  const [was, is] = [before.asset, next.asset];
  const turned = was.currentVersionId !== is.currentVersionId;
  const restart = event.type === "regenerate" && (was.status === "failed" || was.status === "cancelled");
  return [
    [
      "A3 another version becomes current by completing, or over a failed or cancelled one",
      !turned || event.type === "complete" || restart,
    ],
    ["A6 completed stays completed", was.status !== "completed" || is.status === "completed"],
    ["A8 deleted stays deleted", was.deletedAt === null || is.deletedAt === was.deletedAt],
    ["J8 the asset's change of status is legal", was.status === is.status || legal("asset", was.status, is.status)],
    [
      "J8 the version's change of status is legal",
      before.version.id !== next.version.id ||
        before.version.status === next.version.status ||
        legal("version", before.version.status, next.version.status),
    ],
  ];
}

function jobRules(was: JobRow, is: JobRow, event: LifecycleEvent): readonly Checked[] {
  const claimed = event.type === "claim";
  const within = was.status === "processing" && is.status === "processing";
  const rank = (job: JobRow): number => (PROCESSING_PHASES as readonly (string | null)[]).indexOf(job.phase);
  return [
    ["J2 only a claim starts a job, attempt + 1", (was.status === "pending" && is.status === "processing") === claimed],
    ["J9 the attempt is raised by a claim only", is.attempt === was.attempt + (claimed ? 1 : 0)],
    ["J9 a worker's event names the live attempt", !("attempt" in event) || event.attempt === was.attempt],
    [
      "J3 within an attempt the fraction never goes down",
      !within || was.fraction === null || (is.fraction ?? -1) >= was.fraction,
    ],
    ["J3 within an attempt phases only move forward", !within || rank(is) >= rank(was)],
    ["J5 and J6 budgets are only spent by failures and losses", spent(was, is, event)],
    ["J7 a wish stands", was.cancelRequestedAt === null || is.cancelRequestedAt !== null],
    ["J8 terminal is terminal", was.endedAt === null || is === was],
    ["J8 the job's change of status is legal", was.status === is.status || legal("job", was.status, is.status)],
    [
      "J10 a job's time counts from its first claim",
      was.firstClaimedAt === null || is.firstClaimedAt === was.firstClaimedAt,
    ],
  ];
}

function spent(was: JobRow, is: JobRow, event: LifecycleEvent): boolean {
  const [failures, losses] = [is.failures - was.failures, is.losses - was.losses];
  if (event.type === "fail" || event.type === "expire") return (failures === 0 || failures === 1) && losses === 0;
  if (event.type === "lose") return failures === 0 && (losses === 0 || losses === 1);
  return failures === 0 && losses === 0;
}

/** A job that was not there before. */
function startRules(before: AssetRows | null, { next }: Accepted): readonly Checked[] {
  const live = before?.job?.status === "pending" || before?.job?.status === "processing";
  return [
    ["J11 a second job is refused while one is live", !live],
    [
      "J1 a job is born pending, attempt 0",
      next.job === null || (next.job.status === "pending" && next.job.attempt === 0),
    ],
    ["A1 a job is born with its hold", (next.job === null) === (next.hold === null)],
  ];
}

let edges: ReadonlySet<string> | null = null;

function legal<S extends Status | HoldRow["state"]>(what: keyof LegalTransitions, from: S, to: S): boolean {
  edges ??= legalEdges();
  return edges.has(`${what} ${from}>${to}`);
}

function legalEdges(): ReadonlySet<string> {
  const { job, version, asset, hold } = legalTransitions();
  const all: { readonly [K in keyof LegalTransitions]: readonly (readonly string[])[] } = { job, version, asset, hold };
  return new Set(Object.entries(all).flatMap(([kind, pairs]) => pairs.map((pair) => `${kind} ${pair.join(">")}`)));
}
