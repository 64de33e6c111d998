import { recheckInputs } from "../../commands/moveAsset.ts";
import { sweepJob } from "../../commands/sweepJob.ts";
import { isOfRows } from "../contradictions.ts";
import { BACKOFF, PROCESSING, QUEUED } from "../phases.ts";
import { isLocked } from "../postgresFailure.ts";
import { FORGET_FREE_SURPLUS, SETTLE_SURPLUS } from "../slots/surplus.ts";
import type { AssetId, EventRecord, JobId } from "@reelstate/lifecycle";
import type { Desk } from "../../commands/Desk.ts";
import type { Moved } from "../../commands/moveAsset.ts";
import type { Swept } from "../../commands/sweepJob.ts";
import type { Sweep, SweepReport } from "../../store/attempts.ts";
import type { Lanes } from "../openLanes.ts";
import type { Session } from "../Session.ts";
import type { WorkspacesOfJobs } from "./openWorkspacesOfJobs.ts";

type Transition = SweepReport["transitions"][number];

const FOUND: Readonly<Record<Swept, (clock: string) => string>> = {
  // The clock is looked at once, and then for it in the index: it is not the same twice, and no index is asked for what changes.
  job_overdue: (clock) =>
    `ended_at IS NULL AND first_claimed_at + job_timeout_ms <= (SELECT ${clock}) AND (${PROCESSING} OR ${QUEUED} OR ${BACKOFF})`,
  attempt_overdue: (clock) => `${PROCESSING} AND started_at + attempt_timeout_ms <= ${clock}`,
  lease_over: (clock) => `${PROCESSING} AND lease_until <= ${clock}`,
  // Whatever they wait for: of a model that is not offered, or held by a provider that is not here (P6).
  nobodys: () =>
    `status = 'pending' AND NOT CASE WHEN submission IN ('intended', 'open') THEN provider = ANY($3) ELSE model = ANY($2) END
     AND provider <> ALL($4) AND ($5::bigint IS NULL OR $5::bigint = (SELECT coalesce(max(revision), 0) FROM provider_setting))`,
};
/** Only those that a look at their inputs would move: of those that rightly wait there may be more than one sweep looks at. */
const WAIT_IN_VAIN = `SELECT i.job_id AS id FROM job_input i JOIN version v ON v.id = i.version_id GROUP BY i.job_id
  HAVING bool_or(v.status IN ('failed', 'cancelled')) OR bool_and(v.status = 'completed') LIMIT $1`;
/** What nobody followed to its end has had a whole attempt's time since: the provider has given up on it too. */
const letGo = (clock: string): string => `UPDATE slot SET job_id = NULL WHERE job_id IN
  (SELECT s.job_id FROM slot s LEFT JOIN job j ON j.id = s.job_id WHERE s.job_id IS NOT NULL
     AND (j.id IS NULL OR (j.ended_at IS NOT NULL AND j.ended_at + j.attempt_timeout_ms <= ${clock})))`;

/**
 * Finds what nobody else will tell: leases and deadlines that have passed, and waiting jobs whose inputs have ended. Looked for
 * without a lock and then done one by one, in their workspaces' lanes: what another process did meanwhile is refused. A job that
 * somebody keeps locked is told of in the end, when the others are done.
 */
export function sweeper(session: Session, lanes: Lanes, workspaces: WorkspacesOfJobs) {
  const { db, clock, aside } = session;

  async function find(sql: string, limit: number, ...values: readonly unknown[]): Promise<readonly JobId[]> {
    const found = await db.read(({ rows }) => rows<{ readonly id: JobId }>(sql, limit + aside.size(), ...values));
    return found.flatMap(({ id }) => (aside.has(id) ? [] : [id]));
  }

  /** One transaction for each, with the others of its lane; what it moved is known once it is committed. */
  async function each<T>(
    ids: readonly JobId[],
    locked: Map<JobId, unknown>,
    decide: (desk: Desk, jobId: JobId, moved: Moved) => T,
  ) {
    const free = ids.filter((id) => !locked.has(id));
    return Promise.all(
      free.map(async (jobId) => {
        const run = lanes.run(await workspaces.laneOf(jobId), {
          needs: { jobs: [jobId], ends: true },
          decide: (desk) => {
            const transitions: Transition[] = [];
            const moved: Moved = ({ rows }, { record }) => {
              if (record !== null) transitions.push(transitionOf(record, rows.asset.id));
            };
            return { value: decide(desk, jobId, moved), transitions };
          },
        });
        return run.catch((error: unknown) => {
          if (isLocked(error)) locked.set(jobId, error);
          else if (isOfRows(error)) aside.put({ kind: "job", id: jobId, during: "sweep", error });
          else throw error;
          return { value: null, transitions: [] };
        });
      }),
    );
  }

  return async ({ limit, drawBackoff, models, providers, awaited = [], settings }: Sweep): Promise<SweepReport> => {
    const transitions: Transition[] = [];
    const locked = new Map<JobId, unknown>();
    const send = async (found: Swept): Promise<number> => {
      const where = FOUND[found](clock());
      const ids = await find(
        `SELECT id FROM job WHERE ${where} LIMIT $1`,
        limit,
        ...(found === "nobodys" ? [models, providers, awaited, settings ?? null] : []),
      );
      const sent = await each(ids, locked, (desk, jobId, moved) =>
        sweepJob(desk, { jobId, found }, { drawBackoff, moved }),
      );
      for (const one of sent) transitions.push(...one.transitions);
      return sent.filter(({ value }) => value === true).length;
    };
    const expired = (await send("job_overdue")) + (await send("attempt_overdue"));
    const lost = await send("lease_over");
    const gone = await send("nobodys");
    const rechecked = await each(await find(WAIT_IN_VAIN, limit), locked, (desk, jobId, moved) =>
      recheckInputs(desk, jobId, desk.now(), moved),
    );
    for (const one of rechecked) transitions.push(...one.transitions);
    const ended = rechecked.flatMap(({ value }) => (value?.ok === true ? [value.record?.jobTo] : []));
    const released = ended.filter((to) => to === "pending").length;
    if ((await letSlotsGo(session)) > 0) session.wake({ feed: false, work: true });
    for (const error of locked.values()) throw error;
    return { lost, expired, released, rejected: gone + ended.length - released, transitions };
  };
}

async function letSlotsGo({ db, clock }: Session): Promise<number> {
  return db.write(async ({ run }) => {
    const [freed] = await Promise.all([run(letGo(clock())), run(SETTLE_SURPLUS), run(FORGET_FREE_SURPLUS)]);
    return freed;
  });
}

function transitionOf(record: EventRecord, assetId: AssetId): Transition {
  return { ...record, assetId };
}
