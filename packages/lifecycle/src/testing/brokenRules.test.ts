import { describe, expect, it } from "vitest";
import { after, taken } from "../oracle/played.ts";
import { brokenRules } from "./brokenRules.ts";
import { brokenStepRules } from "./brokenStepRules.ts";
import { stepEvent } from "./stepEvent.ts";
import { credits, epochMs } from "../units.ts";
import type { Accepted } from "../decision.ts";
import type { AssetRow, AssetRows, HoldRow, JobRow, VersionRow } from "../rows.ts";
import type { JobId, VersionId } from "../units.ts";
import type { Step } from "./steps.ts";

interface Change {
  readonly asset?: Partial<AssetRow>;
  readonly version?: Partial<VersionRow>;
  readonly job?: Partial<JobRow>;
  readonly hold?: Partial<HoldRow>;
}

function changed(rows: AssetRows, change: Change): AssetRows {
  return {
    asset: { ...rows.asset, ...change.asset },
    version: { ...rows.version, ...change.version },
    job: rows.job === null ? null : { ...rows.job, ...change.job },
    hold: rows.hold === null ? null : { ...rows.hold, ...change.hold },
  };
}

const QUEUED = ["create"] as const;
const MAKING = ["create", "claim"] as const;
const DONE = ["create", "claim", "complete"] as const;
const FAILED = ["create", "claim", "fail_final"] as const;

/** Each rule broken by hand, once: what finds nothing wrong here would find nothing wrong anywhere. */
const BROKEN_ROWS: readonly (readonly [rule: string, path: readonly Step[], change: Change])[] = [
  ["A2 the version", MAKING, { version: { status: "pending" } }],
  ["A2 the asset", MAKING, { asset: { status: "pending" } }],
  ["A3 only a completed", MAKING, { asset: { currentVersionId: "version-0" as VersionId } }],
  ["A4 failed keeps", FAILED, { asset: { errorMessage: " " } }],
  ["A4 what has not", DONE, { asset: { errorCode: "timeout" } }],
  ["A5 completed has", DONE, { version: { hasMedia: false } }],
  ["A5 only completed", MAKING, { version: { hasMedia: true } }],
  ["A9 row versions", MAKING, { asset: { rowVersion: 0 } }],
  ["C2 a live", MAKING, { hold: { state: "captured" } }],
  ["C2 a completed", DONE, { hold: { state: "released" } }],
  ["C2 a failed", FAILED, { hold: { state: "held" } }],
  ["C3 a hold", MAKING, { hold: { amount: credits(-1) } }],
  ["J1 the phase", MAKING, { job: { phase: "queued" } }],
  ["J2 only an attempt", QUEUED, { job: { leaseUntil: epochMs(1) } }],
  ["J2 an attempt", MAKING, { job: { startedAt: null } }],
  ["J2 the first", MAKING, { job: { firstClaimedAt: null } }],
  ["J3 a fraction", MAKING, { job: { fraction: 1.1 } }],
  ["J3 only", QUEUED, { job: { fraction: 0.5 } }],
  ["J4 only", DONE, { job: { attempt: 0 } }],
  ["J5 a live", MAKING, { job: { failures: 2 } }],
  ["J5 backoff", QUEUED, { job: { nextTryAt: epochMs(1) } }],
  ["J5 failed", FAILED, { job: { errorCode: null } }],
  ["J6 a live", MAKING, { job: { losses: 2 } }],
  ["J6 budgets", FAILED, { job: { losses: 3 } }],
  ["J7 after", ["create", "claim", "fail_retryable"], { job: { cancelRequestedAt: epochMs(1) } }],
  ["J7 cancelled", ["create", "cancel"], { job: { cancelRequestedAt: null } }],
  ["J8 terminal", DONE, { job: { endedAt: null } }],
];

const BROKEN_STEPS: readonly (readonly [
  rule: string,
  path: readonly Step[],
  step: Step,
  change: Change & Partial<Pick<Accepted, "record" | "ledger">>,
])[] = [
  ["E4", MAKING, "progress_storing", { record: taken(null, "create").record }],
  ["A9 progress", MAKING, "progress_storing", { asset: { rowVersion: 3 } }],
  ["E1 everything", QUEUED, "claim", { record: null }],
  ["E1 the event", QUEUED, "claim", { record: taken(after("create"), "cancel").record }],
  ["A9 every", QUEUED, "claim", { asset: { rowVersion: 1 } }],
  ["C3 a hold", MAKING, "complete", { ledger: null }],
  [
    "C3 an entry",
    MAKING,
    "complete",
    { ledger: { kind: "capture", jobId: "job-9" as JobId, balance: credits(-6), held: credits(-6) } },
  ],
  ["C2 a hold keeps", MAKING, "complete", { hold: { amount: credits(5) } }],
  ["C2 a hold ends", DONE, "delete", { hold: { state: "released" } }],
  ["A3 another", MAKING, "hand_back", { asset: { currentVersionId: "version-2" as VersionId } }],
  ["A6", DONE, "regenerate", { asset: { status: "pending" } }],
  ["A8", ["create", "claim", "delete"], "settle", { asset: { deletedAt: null } }],
  ["J8 the asset", DONE, "delete", { asset: { status: "processing" } }],
  ["J8 the version", DONE, "delete", { version: { status: "failed" } }],
  ["J2 only", QUEUED, "cancel", { job: { status: "processing" } }],
  ["J9 the attempt", QUEUED, "claim", { job: { attempt: 0 } }],
  [
    "J3 within an attempt the fraction",
    ["create", "claim", "progress_fetching"],
    "progress_storing",
    { job: { fraction: 0.1 } },
  ],
  [
    "J3 within an attempt phases",
    ["create", "claim", "progress_fetching"],
    "progress_storing",
    { job: { phase: "submitting" } },
  ],
  ["J5 and J6", MAKING, "hand_back", { job: { failures: 1 } }],
  ["J7", ["create", "claim", "cancel"], "settle", { job: { cancelRequestedAt: null } }],
  ["J8 terminal", DONE, "delete", { job: { failures: 1 } }],
  ["J8 the job", QUEUED, "cancel", { job: { status: "completed" } }],
  ["J10", MAKING, "hand_back", { job: { firstClaimedAt: epochMs(1) } }],
  ["J1 a job", FAILED, "retry", { job: { attempt: 1 } }],
];

describe("the rules' own checks", () => {
  it.each(BROKEN_ROWS)("[model] rows that break %s are found out", (rule, path, change) => {
    expect(brokenRules(after(...path))).toEqual([]);
    expect(brokenRules(changed(after(...path), change))).toContainEqual(expect.stringContaining(rule));
  });

  it.each(BROKEN_STEPS)(
    "[model] a step that breaks %s is found out",
    (rule, path, step, { record, ledger, ...change }) => {
      const before = after(...path);
      const event = stepEvent(before, step);
      const accepted = taken(before, step);
      const told = { ...(record === undefined ? {} : { record }), ...(ledger === undefined ? {} : { ledger }) };
      if (event === null) throw new Error("Evidence is no event.");
      expect(brokenStepRules(before, event, accepted)).toEqual([]);
      const broken = { ...accepted, ...told, next: changed(accepted.next, change) };
      expect(brokenStepRules(before, event, broken)).toContainEqual(expect.stringContaining(rule));
    },
  );

  it("[model] a second live job, a worker's stale event and a job without its hold are found out", () => {
    const failed = after(...FAILED);
    const retry = taken(failed, "retry");
    const event = stepEvent(failed, "retry");
    if (event === null) throw new Error("Evidence is no event.");
    expect(
      brokenStepRules(after(...QUEUED), event, {
        ...retry,
        next: { ...retry.next, job: { ...(retry.next.job as JobRow), id: "job-3" as JobId } },
      }),
    ).toContainEqual(expect.stringContaining("J11"));
    expect(brokenStepRules(failed, event, { ...retry, next: { ...retry.next, hold: null } })).toContainEqual(
      expect.stringContaining("A1"),
    );
    const making = after(...MAKING);
    const stale = stepEvent(making, "complete_stale");
    if (stale === null) throw new Error("Evidence is no event.");
    expect(brokenStepRules(making, stale, taken(making, "complete"))).toContainEqual(
      expect.stringContaining("J9 a worker"),
    );
  });
});
