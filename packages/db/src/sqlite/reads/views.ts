import { and, asc, desc, eq, inArray, isNull, lt } from "drizzle-orm";
import { unionAll } from "drizzle-orm/sqlite-core";
import { asset, creditEntry, event, history, project, version } from "../schema.ts";
import { toVersion } from "../../rows/toAsset.ts";
import { toBudgetView } from "../../rows/toBudgetView.ts";
import type { AssetVersion, Credits, WorkspaceId } from "@reelstate/lifecycle";
import type {
  AssetTransition,
  BudgetView,
  CreditEntry,
  CreditSummary,
  JobSummary,
  Project,
  ResolvedInput,
  WorkspaceCredits,
} from "../../store/views.ts";
import type { OnAsset } from "../../store/people.ts";
import type { Store } from "../../Store.ts";
import type { Session } from "../Session.ts";

/** Oldest first; null when there is no such asset. */
export function assetHistory(session: Session, request: OnAsset): readonly AssetTransition[] | null {
  if (!isThere(session, request)) return null;
  const { orm } = session;
  const kept = orm.select(TRANSITION(history)).from(history).where(eq(history.assetId, request.assetId));
  const recent = orm.select(TRANSITION(event)).from(event).where(eq(event.assetId, request.assetId));
  return unionAll(kept, recent).orderBy(asc(event.seq)).all();
}

function TRANSITION<T extends typeof event | typeof history>({
  seq,
  at,
  event: name,
  from,
  to,
  jobId,
  versionId,
  attempt,
  jobFrom,
  jobTo,
  code,
}: T) {
  return { seq, at, event: name, from, to, jobId, versionId, attempt, jobFrom, jobTo, code };
}

/** Newest first; null when there is no such asset. */
export function assetVersions(session: Session, request: OnAsset): readonly AssetVersion[] | null {
  if (!isThere(session, request)) return null;
  const rows = session.orm
    .select()
    .from(version)
    .where(eq(version.assetId, request.assetId))
    .orderBy(desc(version.number))
    .all();
  return rows.map((row) => toVersion(session, row));
}

function isThere({ orm }: Session, { workspaceId, assetId }: OnAsset): boolean {
  const found = orm
    .select({ id: asset.id })
    .from(asset)
    .where(and(eq(asset.id, assetId), eq(asset.workspaceId, workspaceId), isNull(asset.deletedAt)))
    .get();
  return found !== undefined;
}

/** Newest first, whatever became of them. */
export function listJobs(
  { sql }: Session,
  { workspaceId, status, limit }: Parameters<Store["listJobs"]>[0],
): readonly JobSummary[] {
  const found =
    status === undefined
      ? sql.listJobs.all({ workspaceId, limit })
      : status === "processing"
        ? sql.listJobsRunning.all({ workspaceId, limit })
        : sql.listJobsOf.all({ workspaceId, status, limit });
  return found as JobSummary[];
}

export function listProjects(
  { orm }: Session,
  { workspaceId }: { readonly workspaceId: WorkspaceId },
): readonly Project[] {
  return orm
    .select({ id: project.id, name: project.name, createdAt: project.createdAt })
    .from(project)
    .where(eq(project.workspaceId, workspaceId))
    .orderBy(asc(project.createdAt), asc(project.id))
    .all();
}

export function creditSummary({ sql }: Session, { workspaceId }: Parameters<Store["creditSummary"]>[0]): CreditSummary {
  const { balance, held } = (sql.workspace.get(workspaceId) ?? NOTHING) as CreditSummary;
  return { balance, held };
}

const NOTHING: CreditSummary = { balance: 0 as Credits, held: 0 as Credits };

export function budget({ sql, now }: Session, { workspaceId }: Parameters<Store["budget"]>[0]): BudgetView {
  return toBudgetView(sql.credit.get(workspaceId) as WorkspaceCredits | undefined, now());
}

/** Newest first, with the name of the asset behind each line. */
export function creditEntries(
  { orm }: Session,
  request: Parameters<Store["creditEntries"]>[0],
): readonly CreditEntry[] {
  return orm
    .select({
      id: creditEntry.id,
      at: creditEntry.at,
      kind: creditEntry.kind,
      balance: creditEntry.balance,
      held: creditEntry.held,
      jobId: creditEntry.jobId,
      assetId: creditEntry.assetId,
      assetName: asset.name,
    })
    .from(creditEntry)
    .leftJoin(asset, eq(asset.id, creditEntry.assetId))
    .where(
      and(
        eq(creditEntry.workspaceId, request.workspaceId),
        request.before === undefined ? undefined : lt(creditEntry.id, request.before),
      ),
    )
    .orderBy(desc(creditEntry.id))
    .limit(request.limit)
    .all();
}

export function resolveInputs(
  { orm }: Session,
  request: Parameters<Store["resolveInputs"]>[0],
): readonly ResolvedInput[] {
  if (request.assetIds.length === 0) return [];
  const rows = orm
    .select({ id: asset.id, type: asset.type, status: asset.status })
    .from(asset)
    .where(
      and(
        inArray(asset.id, [...request.assetIds]),
        eq(asset.workspaceId, request.workspaceId),
        isNull(asset.deletedAt),
      ),
    )
    .all();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return request.assetIds.map((assetId) => {
    const row = byId.get(assetId);
    return { assetId, found: row !== undefined, type: row?.type ?? null, status: row?.status ?? null };
  });
}
