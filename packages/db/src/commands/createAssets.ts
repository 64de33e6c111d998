import { credits } from "@reelstate/lifecycle";
import { createOne } from "./createOne.ts";
import { replayOf, rememberKey } from "./idempotency.ts";
import type { AssetId, ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { AssetParts } from "../rows/toAsset.ts";
import type { CreateAssets, StoreOutcome, StoreRefusal } from "../store/people.ts";
import type { Desk } from "./Desk.ts";

/** Thrown to undo what the transaction has written so far: all the assets of a request, or none. */
export class Undo extends Error {
  override readonly name = "Undo";
  readonly refusal: StoreRefusal;

  constructor(refusal: StoreRefusal) {
    super(refusal.why);
    this.refusal = refusal;
  }
}

/** What was made now, or, where the same request came before, which assets that made. */
export type Created = { readonly made: readonly AssetParts[] } | { readonly before: readonly AssetId[] };

export function createAssets(desk: Desk, request: CreateAssets): StoreOutcome<Created> {
  const { workspaceId } = request;
  const at = desk.now();
  const replay = replayOf(desk, workspaceId, request.idempotency);
  if (replay !== null) return replay.ok ? { ok: true, before: replay.assetIds } : replay;
  const projectId = projectOf(desk, workspaceId, request.projectId);
  if (projectId === null) return { ok: false, why: "not_found" };
  const made: AssetParts[] = [];
  let total = credits(request.assets.reduce((sum, { plan }) => sum + plan.quote, 0));
  for (const asset of request.assets) {
    const created = createOne(desk, { ...asset, workspaceId, projectId, at, total });
    total = credits(total - asset.plan.quote);
    if (created.ok) made.push(created.made);
    else if (made.length === 0) return created;
    else throw new Undo(created);
  }
  rememberKey(
    desk,
    workspaceId,
    request.idempotency,
    made.map(({ asset }) => asset.id),
    at,
  );
  return { ok: true, made };
}

/** The project named, or the workspace's first. */
export function projectOf(desk: Desk, workspaceId: WorkspaceId, projectId: ProjectId | null): ProjectId | null {
  if (projectId === null) return desk.firstProject(workspaceId);
  return desk.isProject(workspaceId, projectId) ? projectId : null;
}
