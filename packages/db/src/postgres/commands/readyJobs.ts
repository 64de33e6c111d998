import { openRoom } from "../../rows/openRoom.ts";
import { poolOf } from "../../rows/poolOf.ts";
import { BACKOFF, inLine, QUEUED } from "../phases.ts";
import type { JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { Free, Holder, ReadyJob } from "../../rows/claimOrder.ts";
import type { Offered } from "../../store/attempts.ts";
import type { Connection } from "../Connection.ts";

/** The slots as they are, for a claim to count with. What it counts on it has to lock afterwards, and to look at again. */
export interface SlotsNow extends Free {
  /** Which slots these jobs lack now that they are locked: until then they may have been handed back, and their slots with them. */
  readonly lackingOf: (connection: Connection, locked: readonly JobId[]) => Promise<Free["lacking"]>;
  /** Providers and models that have not one slot left. */
  readonly full: { readonly providers: readonly string[]; readonly models: readonly string[] };
}

export async function slotsNow({ rows }: Connection): Promise<SlotsNow> {
  const slots = await rows<{ readonly pool: string; readonly number: number; readonly jobId: JobId | null }>(
    `SELECT pool, number, job_id AS "jobId" FROM slot`,
  );
  const sizes = new Map<string, number>();
  const taken = new Map<string, number>();
  const holds = new Set<string>();
  for (const { pool, number, jobId } of slots) {
    // What is held beyond a limit is held, and is no slot.
    sizes.set(pool, (sizes.get(pool) ?? 0) + (number > 0 ? 1 : 0));
    if (jobId === null) continue;
    taken.set(pool, (taken.get(pool) ?? 0) + 1);
    holds.add(holding({ jobId, pool }));
  }
  const lackingWith =
    (held: ReadonlySet<string>): Free["lacking"] =>
    ({ id, provider, model }: Holder) =>
      [poolOf({ provider }), poolOf({ model })].filter(
        (pool) => sizes.has(pool) && !held.has(holding({ jobId: id, pool })),
      );
  const room = openRoom(
    sizes,
    [...taken].map(([pool, held]) => ({ pool, held })),
  );
  const fullOnes = (prefix: string): readonly string[] =>
    [...sizes.keys()]
      .filter((pool) => pool.startsWith(prefix) && !room.in([pool]))
      .map((pool) => pool.slice(prefix.length));
  return {
    room,
    lacking: lackingWith(holds),
    lackingOf: async (connection, locked) => {
      const found = await connection.rows<Held>(HELD_BY, locked);
      return lackingWith(new Set(found.map(holding)));
    },
    full: { providers: fullOnes(poolOf({ provider: "" })), models: fullOnes(poolOf({ model: "" })) },
  };
}

interface Held {
  readonly jobId: JobId;
  readonly pool: string;
}

const HELD_BY = `SELECT pool, job_id AS "jobId" FROM slot WHERE job_id = ANY($1)`;

function holding({ jobId, pool }: Held): string {
  return `${jobId} ${pool}`;
}

export interface Wanted extends Offered {
  /** The workspace served last. */
  readonly after: WorkspaceId | null;
  /** Only what was wished cancelled and may be alive at a provider: settling buys nothing (J7). */
  readonly onlyToSettle: boolean;
  /** How many jobs of a workspace and model, and of how many workspaces, are looked at. */
  readonly limit: number;
}

/** More than these do not start at one moment anyway. */
const HELD_AT_MOST = 1_000;
const READY_JOB = `id, workspace_id AS "workspaceId", priority, model, provider`;

/**
 * Something of it may be at a provider: that one alone can go on with it, whatever its model, and needs no offer and no new
 * slot to do so, however full it is (P1, P7). There are only as many as there are submissions that may be alive.
 */
const HELD = `FROM submission s JOIN job ON job.id = s.job_id WHERE s.state <> 'ended' AND job.provider = ANY($1)
  AND job.submission IN ('intended', 'open')`;
const HELD_JOB = 'job.id, job.workspace_id AS "workspaceId", job.priority, job.model, job.provider';
const NOT_HELD = "submission NOT IN ('intended', 'open')";

/** Every job that could start now, of the workspaces whose turn is next; those that may be alive at a provider, of all. */
export async function readyJobs(
  { rows }: Connection,
  clock: string,
  { models, providers, after, limit, full, onlyToSettle }: Wanted & Pick<SlotsNow, "full">,
): Promise<readonly ReadyJob[]> {
  const due = `next_try_at <= ${clock}`;
  // Asked for none, the server sees at once that there is nothing, and for that it plans the statement anew each time.
  const held = async (when: string): Promise<readonly ReadyJob[]> =>
    providers.length === 0
      ? []
      : rows<ReadyJob>(`SELECT ${HELD_JOB} ${HELD} AND ${when} ORDER BY job.id LIMIT ${HELD_AT_MOST}`, providers);
  // What waits for its wish to be settled is always queued, and may be alive (J7).
  if (onlyToSettle) return held(inLine("cancel_requested_at IS NOT NULL", "FALSE"));
  const roomy = models.filter((model) => !full.models.includes(model));
  const values = [roomy, after ?? "", limit, full.providers];
  const [queued, backoff, alive] = await Promise.all([
    roomy.length === 0 ? [] : rows<ReadyJob>(inTurn(QUEUED, NOT_HELD, "priority DESC, id"), ...values),
    roomy.length === 0 ? [] : rows<ReadyJob>(inTurn(BACKOFF, `${NOT_HELD} AND ${due}`, "next_try_at"), ...values),
    held(inLine("TRUE", due)),
  ]);
  return [...queued, ...backoff, ...alive];
}

/**
 * The first jobs of the next workspaces that have some, found by jumping in the index from one workspace to the next, first those
 * after the one served last, then those before it: a claim costs the same however many jobs and workspaces there are. Each is asked
 * for one ready job by itself, where EXISTS would let the server compare all of them with all jobs at once.
 */
function inTurn(phase: string, due: string, order: string): string {
  const next = (after: string): string =>
    `SELECT workspace_id FROM job WHERE ${phase} AND workspace_id > ${after} ORDER BY workspace_id LIMIT 1`;
  const walk = (name: string, from: string): string =>
    `${name}(w) AS ((${next(from)}) UNION ALL SELECT (${next(`${name}.w`)}) FROM ${name} WHERE ${name}.w IS NOT NULL)`;
  const ready = (workspace: string, model: string): string =>
    `FROM job WHERE workspace_id = ${workspace} AND model = ${model} AND ${phase} AND ${due} AND provider <> ALL($4)`;
  const found = (name: string, until: string): string =>
    `(SELECT w FROM ${name} WHERE w IS NOT NULL AND ${until} AND (SELECT TRUE ${ready("w", "ANY($1)")} LIMIT 1) LIMIT $3)`;
  return `WITH RECURSIVE ${walk("later", "$2")}, ${walk("sooner", "''")}
    SELECT r.* FROM (${found("later", "TRUE")} UNION ALL ${found("sooner", "w <= $2")} LIMIT $3) AS t
    CROSS JOIN unnest($1::text[]) AS m(model)
    CROSS JOIN LATERAL (SELECT ${READY_JOB} ${ready("t.w", "m.model")} ORDER BY ${order} LIMIT $3) AS r`;
}
