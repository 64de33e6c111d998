import { columnsOf, selected } from "../columns.ts";
import { CREDIT } from "../reads/budget.ts";
import { asset, job, submission, version } from "../schema.ts";
import type {
  AssetId,
  EpochMs,
  JobId,
  ProjectId,
  Status,
  SubmissionId,
  VersionId,
  WorkspaceId,
} from "@reelstate/lifecycle";
import type { UsedKey } from "../../commands/Desk.ts";
import type { AssetRecord, JobRecord, VersionRecord } from "../../rows/records.ts";
import type { WorkspaceCredits } from "../../store/views.ts";
import type { Connection } from "../Connection.ts";
import type { Needs } from "./Needs.ts";

export type SubmissionRecord = typeof submission.$inferSelect;

/** What was read for a transaction's commands, and locked for as long as they need it. */
export interface Read {
  /** The database's clock once everything was locked. */
  readonly at: EpochMs;
  readonly asked: Required<Needs>;
  readonly jobs: ReadonlyMap<JobId, JobRecord>;
  readonly assets: ReadonlyMap<AssetId, AssetRecord>;
  readonly versions: ReadonlyMap<VersionId, VersionRecord>;
  readonly submissions: ReadonlyMap<SubmissionId, SubmissionRecord>;
  /** Jobs that wait for a version, and the versions that each of them waits for. */
  readonly waiting: readonly { readonly versionId: VersionId; readonly jobId: JobId; readonly status: Status }[];
  readonly numbers: ReadonlyMap<AssetId, number>;
  readonly workspaces: ReadonlyMap<WorkspaceId, WorkspaceRow>;
  readonly projects: readonly { readonly id: ProjectId; readonly workspaceId: WorkspaceId }[];
  readonly keys: readonly (UsedKey & { readonly workspaceId: WorkspaceId; readonly key: string })[];
}

interface WorkspaceRow extends WorkspaceCredits {
  readonly id: WorkspaceId;
  readonly firstProject: ProjectId | null;
}

const JOB = selected(columnsOf(job), "j");
const ASSET = selected(columnsOf(asset), "a");
const VERSION = selected(columnsOf(version), "v");
const SUBMISSION = selected(columnsOf(submission), "s");

const NAMED_JOBS = `SELECT unnest($1::text[]) AS id
    UNION SELECT job_id FROM asset WHERE id = ANY($2) AND job_id IS NOT NULL
    UNION SELECT job_id FROM submission WHERE id = ANY($3)`;

const LOCK_JOBS = `WITH named AS (${NAMED_JOBS})
  SELECT ${JOB} FROM job j WHERE j.id = ANY(ARRAY(SELECT id FROM named)) ORDER BY j.id FOR NO KEY UPDATE`;

/** The jobs, those that wait for what they make, those that wait for these, and so on: an end goes down the whole chain. */
const LOCK_JOBS_AND_DEPENDANTS = `WITH RECURSIVE named AS (${NAMED_JOBS}),
  touched(id, version_id) AS (
    SELECT id, version_id FROM job WHERE id = ANY(ARRAY(SELECT id FROM named))
    UNION
    SELECT d.id, d.version_id FROM touched t JOIN job_input i ON i.version_id = t.version_id JOIN job d ON d.id = i.job_id)
  SELECT ${JOB} FROM job j WHERE j.id = ANY(ARRAY(SELECT id FROM touched)) ORDER BY j.id FOR NO KEY UPDATE`;

const LOOK_AT_ASSETS = `SELECT ${ASSET} FROM asset a WHERE a.id = ANY($1)`;
const LOCK_ASSETS = `${LOOK_AT_ASSETS} ORDER BY a.id FOR NO KEY UPDATE`;
/** Whoever makes one of these waits until the commit, and then finds who waits for it. */
const KEEP_ASSETS = `${LOOK_AT_ASSETS} ORDER BY a.id FOR SHARE`;
const VERSIONS = `SELECT ${VERSION} FROM version v WHERE v.id = ANY($1)`;
/** Some by their ids, and those that assets show. */
const VERSIONS_OF_ASSETS = `SELECT ${VERSION} FROM version v
  WHERE v.id = ANY($1::text[] || ARRAY(SELECT current_version_id FROM asset WHERE id = ANY($2)))`;
const SUBMISSIONS = `SELECT ${SUBMISSION} FROM submission s WHERE s.id = ANY($1)
  UNION SELECT ${SUBMISSION} FROM submission s WHERE s.job_id = ANY($2) AND s.state <> 'ended'`;
/** Whoever waits for one of these versions, with all that it waits for. */
const WAITING = `SELECT i.version_id AS "versionId", i.job_id AS "jobId", v.status FROM job_input i JOIN version v ON v.id = i.version_id
  WHERE i.job_id = ANY(ARRAY(SELECT job_id FROM job_input WHERE version_id = ANY($1))) OR i.job_id = ANY($2)
  ORDER BY i.version_id, i.job_id`;
const NUMBERS = `SELECT asset_id AS "assetId", max(number) AS number FROM version WHERE asset_id = ANY($1) GROUP BY asset_id`;
const LOCK_WORKSPACES = `SELECT w.id, ${CREDIT},
    (SELECT p.id FROM project p WHERE p.workspace_id = w.id ORDER BY p.created_at, p.id LIMIT 1) AS "firstProject"
  FROM workspace w WHERE w.id = ANY($1) ORDER BY w.id FOR NO KEY UPDATE OF w`;
const PROJECTS = `SELECT id, workspace_id AS "workspaceId" FROM project WHERE id = ANY($1)`;
const KEYS = `SELECT workspace_id AS "workspaceId", key, body_hash AS "bodyHash", asset_ids AS "assetIds", at FROM idempotency
  WHERE workspace_id = ANY($1) AND key = ANY($2)`;
/** What the assets have been made of, by which a retry or a regeneration begins. Frozen at submit, so it needs no lock. */
const INGREDIENTS = `SELECT v.inputs FROM asset a LEFT JOIN job j ON j.id = a.job_id
  JOIN version v ON v.id IN (a.current_version_id, j.version_id) WHERE a.id = ANY($1)`;

/**
 * Reads and locks in the order that all transactions keep: jobs by id, then assets by id, then workspaces. A version has no lock
 * of its own: it is written only under its asset's.
 */
export async function readRows(
  connection: Connection,
  clock: string,
  asked: Required<Needs>,
  // The jobs, where whoever asks has read and locked them already.
  locked?: readonly JobRecord[],
): Promise<Read> {
  const needs = asked.begins && asked.assets.length > 0 ? await withIngredients(connection, asked) : asked;
  const jobs = locked ?? (await jobsOf(connection, needs));
  const written = [...new Set([...needs.assets, ...jobs.map(({ assetId }) => assetId)])];
  const alive = jobs.filter(mayBeAlive).map(({ id }) => id);
  const { rows } = connection;
  const known = [...jobs.map(({ versionId }) => versionId), ...needs.versions];
  const shown = [...written, ...needs.inputs];
  // Sent at once, and done in this order: what an asset's lock keeps as it is is read after it is locked.
  const [assets, versions, submissions, waiting, numbers, workspaces, projects, keys, [clocked]] = await Promise.all([
    assetsOf(connection, needs, written),
    known.length + shown.length === 0 ? [] : rows<VersionRecord>(VERSIONS_OF_ASSETS, known, shown),
    needs.submissions.length + alive.length === 0 ? [] : rows<SubmissionRecord>(SUBMISSIONS, needs.submissions, alive),
    needs.ends && jobs.length > 0
      ? rows<Read["waiting"][number]>(
          WAITING,
          jobs.map(({ versionId }) => versionId),
          jobs.map(({ id }) => id),
        )
      : [],
    needs.begins
      ? some(needs.assets, (ids) => rows<{ readonly assetId: AssetId; readonly number: number }>(NUMBERS, ids))
      : [],
    some(needs.workspaces, (ids) => rows<WorkspaceRow>(LOCK_WORKSPACES, ids)),
    some(needs.projects, (ids) => rows<Read["projects"][number]>(PROJECTS, ids)),
    some(needs.keys, (found) =>
      rows<Read["keys"][number]>(
        KEYS,
        found.map(({ workspaceId }) => workspaceId),
        found.map(({ key }) => key),
      ),
    ),
    rows<{ readonly at: EpochMs }>(`SELECT ${clock} AS at`),
  ]);
  if (clocked === undefined) throw new Error("The database has no clock.");
  const used = needs.made ? versions.flatMap(({ inputs }) => inputs.map(({ versionId }) => versionId)) : [];
  return {
    at: clocked.at,
    asked: needs,
    jobs: byId(jobs),
    assets: byId(assets),
    versions: byId([...versions, ...(await some(used, (ids) => rows<VersionRecord>(VERSIONS, ids)))]),
    submissions: byId(submissions),
    waiting,
    numbers: new Map(numbers.map(({ assetId, number }) => [assetId, number])),
    workspaces: byId(workspaces),
    projects,
    keys,
  };
}

function jobsOf({ rows }: Connection, needs: Required<Needs>): Promise<readonly JobRecord[]> | readonly JobRecord[] {
  const { jobs, assets, submissions, ends } = needs;
  if (jobs.length + assets.length + submissions.length === 0) return [];
  return rows<JobRecord>(ends ? LOCK_JOBS_AND_DEPENDANTS : LOCK_JOBS, jobs, assets, submissions);
}

async function assetsOf(
  { rows }: Connection,
  needs: Required<Needs>,
  written: readonly AssetId[],
): Promise<readonly AssetRecord[]> {
  const kept = needs.inputs.filter((id) => !written.includes(id));
  const lock = needs.looks ? LOOK_AT_ASSETS : LOCK_ASSETS;
  // One statement locks in one way only; asked for at once, they run one after the other.
  const found = await Promise.all(
    runsOf(written, kept).map(({ isKept, ids }) => rows<AssetRecord>(isKept ? KEEP_ASSETS : lock, ids)),
  );
  return found.flat();
}

interface Run {
  readonly isKept: boolean;
  readonly ids: AssetId[];
}

/** All of them by id, in as few runs of one kind as that order allows: two that are made of each other are locked alike by both. */
function runsOf(written: readonly AssetId[], kept: readonly AssetId[]): readonly Run[] {
  const runs: Run[] = [];
  for (const id of [...written, ...kept].toSorted((a, b) => (a < b ? -1 : 1))) {
    const isKept = kept.includes(id);
    const last = runs.at(-1);
    if (last?.isKept === isKept) last.ids.push(id);
    else runs.push({ isKept, ids: [id] });
  }
  return runs;
}

async function withIngredients({ rows }: Connection, needs: Required<Needs>): Promise<Required<Needs>> {
  const found = await rows<Pick<VersionRecord, "inputs">>(INGREDIENTS, needs.assets);
  const used = found.flatMap(({ inputs }) => inputs);
  return {
    ...needs,
    inputs: [...new Set([...needs.inputs, ...used.map(({ assetId }) => assetId)])],
    versions: [...new Set([...needs.versions, ...used.map(({ versionId }) => versionId)])],
  };
}

function mayBeAlive({ submission: state }: JobRecord): boolean {
  return state === "intended" || state === "open";
}

function some<Q, T>(
  asked: readonly Q[],
  read: (asked: readonly Q[]) => Promise<readonly T[]>,
): Promise<readonly T[]> | readonly T[] {
  return asked.length === 0 ? [] : read(asked);
}

function byId<T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<T["id"], T> {
  return new Map(all.map((one) => [one.id, one]));
}
