import { claimJob } from "../../commands/claimJob.ts";
import { claimOrder } from "../../rows/claimOrder.ts";
import { columnsOf, selected } from "../columns.ts";
import { together } from "../desk/Needs.ts";
import { isOfRows } from "../contradictions.ts";
import { openDesk } from "../desk/openDesk.ts";
import { readRows } from "../desk/readRows.ts";
import { writeDraft } from "../desk/writeDraft.ts";
import { inLine } from "../phases.ts";
import { readyJobs, slotsNow } from "./readyJobs.ts";
import { job } from "../schema.ts";
import { takeSlots } from "../slots/takeSlots.ts";
import type { JobId, WorkspaceId } from "@reelstate/lifecycle";
import type { JobRecord } from "../../rows/records.ts";
import type { Claim, ClaimedJob } from "../../store/attempts.ts";
import type { Transaction } from "../openTransactions.ts";
import type { Session } from "../Session.ts";
import type { WorkspacesOfJobs } from "./openWorkspacesOfJobs.ts";

/** Of those that are next some may be locked by another process's claim at this moment; these are looked at in their stead. */
const SPARE = 16;

/** More of them are left to the next claim. */
const REFUSED_AT_ONCE = 100;

/** The first of these that nobody else has locked and that may still be claimed. */
const lock = (
  clock: string,
): string => `SELECT ${selected(columnsOf(job), "j")} FROM unnest($1::text[]) WITH ORDINALITY AS wanted(id, place)
  JOIN job j ON j.id = wanted.id
  WHERE ${inLine("TRUE", `j.next_try_at <= ${clock}`)}
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

  /** None is claimed because of one that cannot be: it is set aside, and the others are claimed. */
  async function claim(request: Claim): Promise<readonly ClaimedJob[]> {
    if (request.limit < 1) return [];
    const trying: JobId[] = [];
    try {
      return await claimTogether(request, trying);
    } catch (error) {
      if (trying.length === 0 || !isOfRows(error)) throw error;
      return claimApart(request);
    }
  }

  /** Where the tables refuse one of several: each by itself, to know which. What is claimed is claimed, whatever the next one does. */
  async function claimApart(request: Claim): Promise<readonly ClaimedJob[]> {
    const claimed: ClaimedJob[] = [];
    for (let refused = 0; claimed.length < request.limit && refused < REFUSED_AT_ONCE;) {
      const trying: JobId[] = [];
      try {
        const one = await claimTogether({ ...request, limit: 1 }, trying);
        if (one.length === 0) break;
        claimed.push(...one);
      } catch (error) {
        const [id] = trying;
        if (id !== undefined && isOfRows(error)) session.aside.put({ kind: "job", id, during: "claim", error });
        else if (claimed.length > 0) break;
        else throw error;
        refused += 1;
      }
    }
    return claimed;
  }

  async function claimTogether(request: Claim, trying: JobId[]): Promise<readonly ClaimedJob[]> {
    const { claimed, refused, told } = await session.db.write((transaction) =>
      claimIn(session, transaction, { request, last, trying }),
    );
    for (const one of refused) session.aside.put({ kind: "job", during: "claim", ...one });
    for (const { jobId, workspaceId } of claimed) workspaces.remember(jobId, workspaceId);
    last = claimed.at(-1)?.workspaceId ?? last;
    if (told.feed || told.work) session.wake(told);
    // Others wait behind those that were refused.
    return claimed.length === 0 && refused.length > 0 ? claimTogether(request, trying) : claimed;
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
  /** Told which jobs are about to be claimed. */
  readonly trying: JobId[];
}

async function claimIn(session: Session, transaction: Transaction, { request, last, trying }: Turn) {
  trying.length = 0;
  const { aside } = session;
  const { limit, models, providers, workerId, leaseMs } = request;
  // New limits are not set while it counts with the old ones.
  const [, slots] = await Promise.all([
    transaction.run("LOCK TABLE slot IN ROW EXCLUSIVE MODE"),
    slotsNow(transaction),
  ]);
  const looked = limit + SPARE + aside.size();
  const found = await readyJobs(transaction, session.clock(), {
    models,
    providers,
    after: last,
    limit: looked,
    full: slots.full,
    onlyToSettle: request.onlyToSettle === true,
  });
  const ready = found.filter(({ id }) => !aside.has(id));
  const order = claimOrder(ready, slots, { after: last, limit: looked });
  const jobs = await lockJobs(transaction, session.clock(), { ids: order.map(({ id }) => id), limit });
  const locked = jobs.map(({ id }) => id);
  const [read, lacking] = await Promise.all([
    readRows(transaction, session.clock(), together([{ jobs: locked, made: true }]), jobs),
    slots.lackingOf(transaction, locked),
  ]);
  const lockedJobs = order.filter(({ id }) => locked.includes(id));
  const withSlots = await takeSlots(transaction, lockedJobs, lacking);
  const memory = openDesk(read);
  const claimed: ClaimedJob[] = [];
  const refused: { readonly id: JobId; readonly error: unknown }[] = [];
  for (const { id } of withSlots.jobs) {
    try {
      const taken = memory.run((desk) => claimJob(desk, id, { workerId, leaseMs, at: read.at }));
      if (taken !== null) claimed.push(taken);
    } catch (error) {
      refused.push({ id, error });
    }
  }
  trying.push(...claimed.map(({ jobId }) => jobId));
  const draft = memory.draft();
  await Promise.all([withSlots.write(new Set(claimed.map(({ jobId }) => jobId))), writeDraft(transaction, draft)]);
  return { claimed, refused, told: { ...draft.told } };
}

async function lockJobs(
  { rows }: Transaction,
  clock: string,
  { ids, limit }: { readonly ids: readonly JobId[]; readonly limit: number },
): Promise<readonly JobRecord[]> {
  return ids.length === 0 ? [] : rows<JobRecord>(lock(clock), ids, limit);
}
