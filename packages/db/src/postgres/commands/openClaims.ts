import { claimJob } from "../../commands/claimJob.ts";
import { claimOrder } from "../../rows/claimOrder.ts";
import { together } from "../desk/Needs.ts";
import { openDesk } from "../desk/openDesk.ts";
import { readRows } from "../desk/readRows.ts";
import { writeDraft } from "../desk/writeDraft.ts";
import { readyJobs, slotsNow } from "./readyJobs.ts";
import { takeSlots } from "../slots/takeSlots.ts";
import type { JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { Claim, ClaimedJob } from "../../store/attempts.ts";
import type { Transaction } from "../openTransactions.ts";
import type { Session } from "../Session.ts";
import type { WorkspacesOfJobs } from "./openWorkspacesOfJobs.ts";

/** Of those that are next some may be locked by another process's claim at this moment; these are looked at in their stead. */
const SPARE = 16;

/** The first of these that nobody else has locked and that may still be claimed. */
const lock = (clock: string): string => `SELECT j.id FROM unnest($1::text[]) WITH ORDINALITY AS wanted(id, place)
  JOIN job j ON j.id = wanted.id
  WHERE j.status = 'pending' AND (j.phase = 'queued' OR (j.phase = 'backoff' AND j.next_try_at <= ${clock}))
  ORDER BY wanted.place LIMIT $2 FOR NO KEY UPDATE OF j SKIP LOCKED`;

/**
 * Takes claimable jobs, one workspace after the other, priority and age inside one, each with the slots it works in (J2, P7). Jobs
 * and slots that another process is just taking are passed over, not waited for; one claim of a process follows the other.
 */
export function openClaims(
  session: Session,
  workspaces: WorkspacesOfJobs,
): (request: Claim) => Promise<readonly ClaimedJob[]> {
  let last: WorkspaceId | null = null;
  let before: Promise<unknown> = Promise.resolve();

  async function claim(request: Claim): Promise<readonly ClaimedJob[]> {
    if (request.limit < 1) return [];
    const { claimed, told } = await session.db.write((transaction) => claimIn(session, transaction, { request, last }));
    for (const { jobId, workspaceId } of claimed) workspaces.remember(jobId, workspaceId);
    last = claimed.at(-1)?.workspaceId ?? last;
    if (told.feed || told.work) session.wake(told);
    return claimed;
  }

  return (request) => {
    const mine = before.then(() => claim(request));
    before = mine.catch(() => undefined);
    return mine;
  };
}

interface Turn {
  readonly request: Claim;
  readonly last: WorkspaceId | null;
}

async function claimIn(session: Session, transaction: Transaction, { request, last }: Turn) {
  const { limit, models, providers, workerId, leaseMs } = request;
  // New limits are not set while it counts with the old ones.
  const [, slots] = await Promise.all([
    transaction.run("LOCK TABLE slot IN ROW EXCLUSIVE MODE"),
    slotsNow(transaction),
  ]);
  const looked = limit + SPARE;
  const ready = await readyJobs(transaction, session.clock(), {
    models,
    providers,
    after: last,
    limit: looked,
    full: slots.full,
    onlyToSettle: request.onlyToSettle === true,
  });
  const order = claimOrder(ready, slots, { after: last, limit: looked });
  const locked = await lockJobs(transaction, session.clock(), { ids: order.map(({ id }) => id), limit });
  const [read, lacking] = await Promise.all([
    readRows(transaction, session.clock(), together([{ jobs: locked, made: true }])),
    slots.lackingOf(transaction, locked),
  ]);
  const lockedJobs = order.filter(({ id }) => locked.includes(id));
  const withSlots = await takeSlots(transaction, lockedJobs, lacking);
  const memory = openDesk(read);
  const claimed: ClaimedJob[] = [];
  for (const { id } of withSlots.jobs) {
    const taken = memory.run((desk) => claimJob(desk, id, { workerId, leaseMs, at: read.at }));
    if (taken !== null) claimed.push(taken);
  }
  const draft = memory.draft();
  await Promise.all([withSlots.write(new Set(claimed.map(({ jobId }) => jobId))), writeDraft(transaction, draft)]);
  return { claimed, told: { ...draft.told } };
}

async function lockJobs(
  { rows }: Transaction,
  clock: string,
  { ids, limit }: { readonly ids: readonly JobId[]; readonly limit: number },
): Promise<readonly JobId[]> {
  if (ids.length === 0) return [];
  return (await rows<{ readonly id: JobId }>(lock(clock), ids, limit)).map(({ id }) => id);
}
