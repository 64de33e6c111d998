import { readAssets } from "../reads/readAssets.ts";
import { createOne } from "./createOne.ts";
import { replayOf, rememberKey } from "./idempotency.ts";
import type { Asset, ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { CreateAssets, StoreOutcome, StoreRefusal } from "../../store/people.ts";
import type { Session } from "../Session.ts";

/** Thrown to undo what the transaction has written so far: all the assets of a request, or none. */
export class Undo extends Error {
  override readonly name = "Undo";
  readonly refusal: StoreRefusal;

  constructor(refusal: StoreRefusal) {
    super(refusal.why);
    this.refusal = refusal;
  }
}

export function createAssets(
  session: Session,
  request: CreateAssets,
): StoreOutcome<{ readonly assets: readonly Asset[] }> {
  const { workspaceId } = request;
  const at = session.now();
  const replay = replayOf(session, workspaceId, request.idempotency);
  if (replay !== null)
    return replay.ok ? { ok: true, assets: readAssets(session, workspaceId, replay.assetIds) } : replay;
  const projectId = projectOf(session, workspaceId, request.projectId);
  if (projectId === null) return { ok: false, why: "not_found" };
  const assets: Asset[] = [];
  for (const asset of request.assets) {
    const created = createOne(session, { ...asset, workspaceId, projectId, at });
    if (created.ok) assets.push(created.asset);
    else if (assets.length === 0) return created;
    else throw new Undo(created);
  }
  rememberKey(
    session,
    workspaceId,
    request.idempotency,
    assets.map(({ id }) => id),
    at,
  );
  return { ok: true, assets };
}

/** The project named, or the workspace's first. */
export function projectOf(session: Session, workspaceId: WorkspaceId, projectId: ProjectId | null): ProjectId | null {
  if (projectId === null) return session.firstProject(workspaceId);
  return session.sql.isProject.get(projectId, workspaceId) === undefined ? null : projectId;
}
