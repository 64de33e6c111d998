import { toVersion } from "../../rows/toAsset.ts";
import { recordColumns } from "../recordColumns.ts";
import { version } from "../schema.ts";
import type { AssetId, AssetType, AssetVersion, Credits, Status } from "@reelstate/lifecycle";
import type { VersionRecord } from "../../rows/records.ts";
import type { Store } from "../../Store.ts";
import type { OnAsset } from "../../store/people.ts";
import type {
  AssetTransition,
  CreditEntry,
  CreditSummary,
  JobSummary,
  Project,
  ResolvedInput,
} from "../../store/views.ts";
import type { Connection } from "../Connection.ts";
import type { Reader } from "./Reader.ts";

type Asked<Method extends keyof Store> = Parameters<Store[Method]>[0];

const IS_THERE = "SELECT 1 FROM asset WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL";

const TRANSITION = `seq, at, event, from_status AS "from", to_status AS "to", job_id AS "jobId", version_id AS "versionId",
  attempt, job_from AS "jobFrom", job_to AS "jobTo", code`;
const HISTORY = `SELECT ${TRANSITION} FROM history WHERE asset_id = $1
  UNION ALL SELECT ${TRANSITION} FROM event WHERE asset_id = $1 ORDER BY seq`;

/** Oldest first; null when there is no such asset. */
export async function assetHistory(
  connection: Connection,
  request: OnAsset,
): Promise<readonly AssetTransition[] | null> {
  if (!(await isThere(connection, request))) return null;
  return connection.rows<AssetTransition>(HISTORY, request.assetId);
}

const VERSIONS = `SELECT ${recordColumns(version)} FROM version WHERE asset_id = $1 ORDER BY number DESC`;

/** Newest first; null when there is no such asset. */
export async function assetVersions(
  reader: Reader,
  connection: Connection,
  request: OnAsset,
): Promise<readonly AssetVersion[] | null> {
  if (!(await isThere(connection, request))) return null;
  const rows = await connection.rows<VersionRecord>(VERSIONS, request.assetId);
  return rows.map((row) => toVersion(reader, row));
}

async function isThere(connection: Connection, { workspaceId, assetId }: OnAsset): Promise<boolean> {
  return (await connection.rows(IS_THERE, assetId, workspaceId)).length > 0;
}

const JOBS = `SELECT j.id, j.asset_id AS "assetId", j.version_id AS "versionId", a.name AS "assetName", j.model, j.status, j.phase,
    j.attempt, j.failures, j.error_code AS "errorCode", j.quote, j.created_at AS "createdAt", j.ended_at AS "endedAt"
  FROM job j JOIN asset a ON a.id = j.asset_id
  WHERE j.workspace_id = $1 AND ($2::text IS NULL OR j.status = $2) ORDER BY j.id DESC LIMIT $3`;

/** Newest first, whatever became of them. */
export function listJobs(
  connection: Connection,
  { workspaceId, status, limit }: Asked<"listJobs">,
): Promise<readonly JobSummary[]> {
  return connection.rows<JobSummary>(JOBS, workspaceId, status ?? null, limit);
}

const PROJECTS = `SELECT id, name, created_at AS "createdAt" FROM project WHERE workspace_id = $1 ORDER BY created_at, id`;

export function listProjects(
  connection: Connection,
  { workspaceId }: Asked<"listProjects">,
): Promise<readonly Project[]> {
  return connection.rows<Project>(PROJECTS, workspaceId);
}

export async function creditSummary(
  connection: Connection,
  { workspaceId }: Asked<"creditSummary">,
): Promise<CreditSummary> {
  const [found] = await connection.rows<CreditSummary>(
    "SELECT balance, held FROM workspace WHERE id = $1",
    workspaceId,
  );
  return found ?? NOTHING;
}

const NOTHING: CreditSummary = { balance: 0 as Credits, held: 0 as Credits };

/** The largest number there is. */
const NO_ENTRY_YET = "9223372036854775807";
const ENTRIES = `SELECT e.id, e.at, e.kind, e.balance, e.held, e.job_id AS "jobId", e.asset_id AS "assetId", a.name AS "assetName"
  FROM credit_entry e LEFT JOIN asset a ON a.id = e.asset_id
  WHERE e.workspace_id = $1 AND e.id < COALESCE($2::bigint, ${NO_ENTRY_YET}) ORDER BY e.id DESC LIMIT $3`;

/** Newest first, with the name of the asset behind each line. */
export function creditEntries(
  connection: Connection,
  { workspaceId, before, limit }: Asked<"creditEntries">,
): Promise<readonly CreditEntry[]> {
  return connection.rows<CreditEntry>(ENTRIES, workspaceId, before ?? null, limit);
}

const INPUTS = `SELECT id, asset_type AS type, status FROM asset
  WHERE id = ANY ($1) AND workspace_id = $2 AND deleted_at IS NULL`;

export async function resolveInputs(
  connection: Connection,
  { workspaceId, assetIds }: Asked<"resolveInputs">,
): Promise<readonly ResolvedInput[]> {
  if (assetIds.length === 0) return [];
  const rows = await connection.rows<{ readonly id: AssetId; readonly type: AssetType; readonly status: Status }>(
    INPUTS,
    assetIds,
    workspaceId,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return assetIds.map((assetId) => {
    const row = byId.get(assetId);
    return { assetId, found: row !== undefined, type: row?.type ?? null, status: row?.status ?? null };
  });
}
