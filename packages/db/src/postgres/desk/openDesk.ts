import { spendingAfter } from "@reelstate/lifecycle";
import { RowMoved } from "../../commands/Desk.ts";
import { emptyRound } from "./Draft.ts";
import { NotAtHand } from "./Needs.ts";
import { openUndo } from "./openUndo.ts";
import type { Credits, JobId, Status, SubmissionId, VersionId, WorkspaceId } from "@reelstate/lifecycle";
import type { Desk } from "../../commands/Desk.ts";
import type { AssetRecord, JobRecord, VersionRecord } from "../../rows/records.ts";
import type { WorkspaceCredits } from "../../store/views.ts";
import type { Change, Draft, Round } from "./Draft.ts";
import type { Read, SubmissionRecord } from "./readRows.ts";

export interface MemoryDesk {
  readonly desk: Desk;
  /** Runs one command: what it wrote is kept when it returns, and undone when it throws, whatever others wrote. */
  readonly run: <T>(command: (desk: Desk) => T) => T;
  readonly draft: () => Draft;
}

/**
 * Rows that were read and locked before, as commands see them: each sees what those before it have written, and nothing
 * reaches the database until all have decided.
 */
export function openDesk(read: Read): MemoryDesk {
  const undo = openUndo();
  const jobs = new Map(read.jobs);
  const assets = new Map(read.assets);
  const versions = new Map(read.versions);
  const submissions = new Map(read.submissions);
  const credit = new Map<WorkspaceId, WorkspaceCredits>(read.workspaces);
  const numbers = new Map(read.numbers);
  const waits = new Map<JobId, VersionId[]>();
  const keys = [...read.keys];
  const rounds: Round[] = [];
  const events: Draft["events"][number][] = [];
  const newKeys: Draft["keys"][number][] = [];
  const told = { feed: false, work: false };
  /** The round in which a row was last written, by its id. */
  const lastRound = new Map<string, number>();
  /** The first round in which the command that is running may write: what it writes later is never written earlier. */
  let round = 0;

  const statuses = new Map<VersionId, Status>();
  for (const { jobId, versionId, status } of read.waiting) {
    statuses.set(versionId, status);
    waits.set(jobId, [...(waits.get(jobId) ?? []), versionId]);
  }

  /** Where a row is written that was not in its way before. */
  function roundFor(id: string): Round {
    const last = lastRound.get(id);
    if (last !== undefined && last >= round) round = last + 1;
    undo.set(lastRound, id, round);
    while (rounds.length <= round) rounds.push(emptyRound());
    return rounds[round] ?? emptyRound();
  }

  /** Adds to a write that stands already where both can be one, else writes in a round after it. */
  function change<K extends string, T>(
    kind: (of: Round) => Map<K, Change<T>>,
    id: K,
    { before, after, step }: Change<T> & { readonly step: (change: Change<T>) => boolean },
  ): void {
    const last = lastRound.get(id);
    const standing = last === undefined ? undefined : rounds[last];
    const written = standing === undefined ? undefined : kind(standing).get(id);
    if (last !== undefined && standing !== undefined && written !== undefined && last >= round && !step(written)) {
      round = last;
      undo.set(kind(standing), id, { before: written.before, after });
      return;
    }
    undo.set(kind(roundFor(id)), id, { before, after });
  }

  const isStep = ({ before, after }: Change<{ readonly status: Status }>): boolean => before.status !== after.status;

  function jobAtHand(id: JobId): JobRecord | undefined {
    const found = jobs.get(id);
    if (found === undefined && !read.asked.jobs.includes(id)) throw new NotAtHand({ jobs: [id] });
    return found;
  }

  function submissionAtHand(id: SubmissionId): SubmissionRecord | undefined {
    const found = submissions.get(id);
    if (found === undefined && !read.asked.submissions.includes(id)) throw new NotAtHand({ submissions: [id] });
    return found;
  }

  function writeJob(before: JobRecord, after: JobRecord): void {
    const { id, status, attempt, leaseUntil } = before;
    const now = jobs.get(id);
    if (now === undefined || now.status !== status || now.attempt !== attempt || now.leaseUntil !== leaseUntil)
      throw new RowMoved(`job ${id} is no longer ${status}, attempt ${attempt}`);
    change((of) => of.jobs, id, { before: now, after, step: isStep });
    undo.set(jobs, id, after);
  }

  function writeSubmission(before: SubmissionRecord, after: SubmissionRecord): void {
    change((of) => of.submissions, before.id, { before, after, step: () => false });
    undo.set(submissions, before.id, after);
  }

  const aliveOf = (jobId: JobId): readonly SubmissionRecord[] =>
    [...submissions.values()].filter((one) => one.jobId === jobId && one.state !== "ended");

  const desk: Desk = {
    now: () => read.at,
    job: jobAtHand,
    asset: (id) => {
      const found = assets.get(id);
      if (found === undefined && !read.asked.assets.includes(id) && !read.asked.inputs.includes(id))
        throw new NotAtHand({ inputs: [id] });
      return found;
    },
    version: (id) => {
      const found = versions.get(id);
      if (found === undefined && !read.asked.versions.includes(id)) throw new NotAtHand({ versions: [id] });
      return found;
    },
    credit: (id) => {
      const found = credit.get(id);
      if (found === undefined && !read.asked.workspaces.includes(id)) throw new NotAtHand({ workspaces: [id] });
      return found;
    },
    firstProject: (id) => {
      if (!read.asked.workspaces.includes(id)) throw new NotAtHand({ workspaces: [id] });
      return read.workspaces.get(id)?.firstProject ?? null;
    },
    isProject: (workspaceId, id) => {
      if (!read.asked.projects.includes(id)) throw new NotAtHand({ projects: [id] });
      return read.projects.some((project) => project.id === id && project.workspaceId === workspaceId);
    },
    lastNumber: (assetId) => numbers.get(assetId) ?? 0,
    dependantsOf: (versionId) => {
      if (!read.asked.ends) throw new NotAtHand({ ends: true });
      return [...waits].filter(([, found]) => found.includes(versionId)).map(([jobId]) => jobId);
    },
    waitsFor: (jobId) => (waits.get(jobId) ?? []).flatMap((id) => versions.get(id)?.status ?? statuses.get(id) ?? []),
    keyUsed: (workspaceId, key) => keys.findLast((one) => one.workspaceId === workspaceId && one.key === key),
    aliveSubmission: (jobId) => {
      const [alive] = aliveOf(jobId);
      if (alive === undefined || alive.state === "ended") return undefined;
      const { id, clientRef, providerRef, state, intendedAt } = alive;
      return { id, clientRef, providerRef, state, intendedAt };
    },

    insertAsset: (asset) => {
      undo.push(roundFor(asset.id).newAssets, asset);
      undo.set(assets, asset.id, asset);
    },
    insertVersion: (version) => {
      undo.push(roundFor(version.id).newVersions, version);
      undo.set(versions, version.id, version);
      undo.set(numbers, version.assetId, Math.max(version.number, numbers.get(version.assetId) ?? 0));
    },
    insertJob: (job) => {
      // Not before the job that lived on its asset has ended, in whatever round that was (J11).
      round = Math.max(round, lastRound.get(job.assetId) ?? 0);
      undo.push(roundFor(job.id).newJobs, job);
      undo.set(jobs, job.id, job);
    },
    updateJob: writeJob,
    noteOnJob: (job, note) => {
      const now = jobs.get(job.id) ?? job;
      change((of) => of.jobs, job.id, { before: now, after: { ...now, ...note }, step: () => false });
      undo.set(jobs, job.id, { ...now, ...note });
    },
    writeProgress: (before, progress) => writeJob(before, { ...before, ...progress }),
    updateVersion: (id, status, { media, cost }) => {
      const before = versions.get(id);
      if (before === undefined) throw new RowMoved(`version ${id} is gone`);
      const after: VersionRecord = {
        ...before,
        status,
        ...(media === undefined ? {} : { ...media, mediaKey: media.key }),
        ...(cost === undefined ? {} : { costMicros: (before.costMicros ?? 0) + cost.usdMicros, costBasis: cost.basis }),
      };
      change((of) => of.versions, id, { before, after, step: isStep });
      undo.set(versions, id, after);
    },
    updateAsset: (before, after) => {
      const now: AssetRecord | undefined = assets.get(before.id);
      if (now?.rowVersion !== before.rowVersion)
        throw new RowMoved(`asset ${before.id} is no longer at row version ${before.rowVersion}`);
      change((of) => of.assets, before.id, { before: now, after, step: isStep });
      undo.set(assets, before.id, after);
    },
    insertJobInput: (versionId, jobId) => {
      undo.push(roundFor(`${jobId} waits for ${versionId}`).waits, { versionId, jobId });
      undo.set(waits, jobId, [...(waits.get(jobId) ?? []), versionId]);
    },
    forgetInputs: (jobId) => {
      undo.push(roundFor(`${jobId} waits no more`).waitsNoMore, jobId);
      undo.set(waits, jobId, []);
    },

    insertSubmission: ({ submissionId: id, jobId, attempt, clientRef, provider, at: intendedAt }) => {
      const submission: SubmissionRecord = {
        id,
        jobId,
        attempt,
        clientRef,
        provider,
        providerRef: null,
        state: "intended",
        outcome: null,
        intendedAt,
        openedAt: null,
        endedAt: null,
      };
      undo.push(roundFor(id).newSubmissions, submission);
      undo.set(submissions, id, submission);
    },
    intendAgain: ({ submissionId, jobId, at }) => {
      const found = submissionAtHand(submissionId);
      if (found?.jobId !== jobId || found.state !== "intended") return false;
      writeSubmission(found, { ...found, intendedAt: at });
      return true;
    },
    openSubmission: ({ submissionId, providerRef, at }) => {
      const found = submissionAtHand(submissionId);
      if (found === undefined || found.providerRef !== null) return undefined;
      const state = found.state === "intended" ? "open" : found.state;
      writeSubmission(found, { ...found, providerRef, openedAt: at, state });
      return { jobId: found.jobId, state: state === "ended" ? "ended" : "open" };
    },
    endSubmission: ({ submissionId, outcome, at }) => {
      const found = submissionAtHand(submissionId);
      if (found === undefined || found.state === "ended") return undefined;
      if (found.state === "open" && outcome === "never_arrived") return undefined;
      writeSubmission(found, { ...found, state: "ended", outcome, endedAt: at });
      return found.jobId;
    },
    endSubmissionsOfJob: ({ jobId, outcome, at }) => {
      for (const found of aliveOf(jobId)) writeSubmission(found, { ...found, state: "ended", outcome, endedAt: at });
    },
    inheritSubmission: ({ from, to }) => {
      for (const found of aliveOf(from)) writeSubmission(found, { ...found, jobId: to });
    },

    releaseSlots: (job) => {
      if (job.submission !== "intended" && job.submission !== "open")
        undo.push(roundFor(`slots of ${job.id}`).freed, job.id);
    },
    freeSlots: (jobId) => undo.push(roundFor(`slots of ${jobId}`).freed, jobId),
    inheritSlots: (heirs) => {
      undo.push(roundFor(`slots of ${heirs.from}`).heirs, heirs);
      // A round frees before it hands on: what the heir frees it frees in a later one.
      undo.set(lastRound, `slots of ${heirs.to}`, round);
    },

    rememberKey: (workspaceId, key, used) => {
      undo.push(newKeys, { ...used, workspaceId, key });
      undo.push(keys, { ...used, workspaceId, key });
    },
    record: (event, ledger) => {
      undo.push(events, { event, ledger });
      const now = credit.get(event.workspaceId);
      if (now === undefined || ledger === null) return;
      const { kind, balance, held } = ledger;
      undo.set(credit, event.workspaceId, {
        ...now,
        ...(kind === "capture" ? spendingAfter(now, -balance as Credits, event.at) : {}),
        balance: (now.balance + balance) as never,
        held: (now.held + held) as never,
      });
    },
    tell: (what) => {
      told[what] = true;
    },
  };

  return {
    desk,
    run: (command) => {
      round = 0;
      return undo.unlessItThrows(() => command(desk));
    },
    draft: () => ({ rounds, events, keys: newKeys, told, at: read.at }),
  };
}
