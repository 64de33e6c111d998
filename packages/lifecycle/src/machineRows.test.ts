import { getNextSnapshot } from "xstate";
import { describe, expect, it } from "vitest";
import { assetMachine } from "./assetMachine.ts";
import { JOB_EVENTS } from "./jobEvents.ts";
import { jobMachine } from "./jobMachine.ts";
import { after } from "./oracle/played.ts";
import { applyStep } from "./testing/applyStep.ts";
import { explore } from "./testing/explore.ts";
import { stateKey } from "./testing/stateKey.ts";
import { stepEvent } from "./testing/stepEvent.ts";
import { STEP_NAMES } from "./testing/steps.ts";
import { versionMachine } from "./versionMachine.ts";
import type { LifecycleEvent } from "./events.ts";
import type { JobEvent } from "./jobEvents.ts";
import type { AssetRows, JobRow } from "./rows.ts";

const cases = [...explore().values()].flatMap(({ rows, path }) =>
  STEP_NAMES.flatMap((step) => {
    const event = stepEvent(rows, step);
    return rows === null || event === null
      ? []
      : [{ rows, event, path: [...path, step], decision: applyStep(rows, step).decision }];
  }),
);

const ANY = after("create");

describe("[model] advance is the machines, run by XState itself on stored rows", () => {
  it("[model] the job machine takes what advance takes, and writes the same row", () => {
    const asked = new Set<string>();
    const different = cases.flatMap(({ rows, event, path, decision }) => {
      if (rows.job === null || !isJobEvent(event) || (event.type === "cancel" && rows.asset.deletedAt !== null))
        return [];
      // The machine knows nothing of the asset: each job is asked once.
      const question = `${stateKey({ asset: ANY.asset, version: ANY.version, job: rows.job, hold: null })} ${path.at(-1)}`;
      if (asked.has(question)) return [];
      asked.add(question);
      const ran = runJob(rows.job, event);
      const told = decision?.ok ? decision.next.job : null;
      return JSON.stringify(sorted(ran)) === JSON.stringify(sorted(told)) ? [] : [{ path, ran, told }];
    });
    expect(different).toEqual([]);
    expect(asked.size).toBeGreaterThan(10_000);
  });

  it("[model] the asset machine takes the same commands, and follows its job to the same row", () => {
    const different = cases.flatMap(({ rows, event, path, decision }) => {
      if (event.type === "cancel" || event.type === "progress" || event.type === "create" || event.type === "upload")
        return [];
      const starts = event.type === "retry" || event.type === "regenerate" || event.type === "recover";
      if (event.type === "delete" && rows.job?.endedAt === null) return [];
      if (!starts && event.type !== "delete" && !decision?.ok) return [];
      const job = decision?.ok ? decision.next.job : null;
      const heard =
        starts || event.type === "delete"
          ? event
          : { type: `job_${(job as JobRow).status}` as const, job: job as JobRow };
      const ran = runAsset(rows, heard);
      const told = decision?.ok ? decision.next.asset : null;
      return JSON.stringify(sorted(ran)) === JSON.stringify(sorted(told)) ? [] : [{ path, ran, told }];
    });
    expect(different).toEqual([]);
  });

  it("[model] [A2] the version machine goes where advance puts the version", () => {
    const different = cases.flatMap(({ rows, path, decision }) => {
      if (!decision?.ok || decision.next.version.id !== rows.version.id || rows.job === null) return [];
      const { version, job } = decision.next;
      if (job === rows.job) return [];
      const heard = job?.id === rows.job.id ? `job_${job.status}` : "again";
      const before = versionMachine.resolveState({ value: rows.version.status });
      const event = { type: heard } as Parameters<typeof before.can>[0];
      const ran = before.can(event) ? getNextSnapshot(versionMachine, before, event).value : null;
      return ran === version.status ? [] : [{ path, ran, told: version.status }];
    });
    expect(different).toEqual([]);
  });
});

function isJobEvent(event: LifecycleEvent): event is JobEvent {
  return (JOB_EVENTS as readonly string[]).includes(event.type);
}

function runJob({ status, phase, ...context }: JobRow, event: JobEvent): JobRow | null {
  const value = phase === null ? status : { [status]: phase };
  const before = jobMachine.resolveState({ value, context });
  if (!before.can(event)) return null;
  const after = getNextSnapshot(jobMachine, before, event);
  const [outer, inner] = typeof after.value === "string" ? [after.value, null] : (Object.entries(after.value)[0] ?? []);
  return { ...after.context, status: outer as JobRow["status"], phase: inner as JobRow["phase"] };
}

function runAsset(
  { asset: { status, ...asset }, version, job }: AssetRows,
  event: Parameters<typeof getNextSnapshot<typeof assetMachine>>[2],
): AssetRows["asset"] | null {
  const before = assetMachine.resolveState({ value: status, context: { asset, version, job } });
  if (!before.can(event)) return null;
  const after = getNextSnapshot(assetMachine, before, event);
  return { ...after.context.asset, status: after.value };
}

function sorted(row: object | null): object | null {
  return row === null ? null : Object.fromEntries(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
