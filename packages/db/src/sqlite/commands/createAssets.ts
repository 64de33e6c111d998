import { advance } from "@reelstate/lifecycle";
import { readAssets } from "../reads/readAssets.ts";
import { forgetOrReplay, rememberKey } from "./idempotency.ts";
import { newJob, writeNewJob } from "./writeNewJob.ts";
import { recordEvent } from "../writeDecision.ts";
import type { Asset, AssetId, EpochMs, ProjectId, Status, VersionId, WorkspaceId } from "@reelstate/lifecycle";
import type { CreateAssets, NewAsset, StoreOutcome, StoreRefusal } from "../../Store.ts";
import type { Session } from "../Session.ts";

interface FrozenInput {
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly status: Status;
}

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
  const replay = forgetOrReplay(session, workspaceId, request.idempotency);
  if (replay !== null)
    return replay.ok ? { ok: true, assets: readAssets(session, workspaceId, replay.assetIds) } : replay;
  const projectId = projectOf(session, workspaceId, request.projectId);
  if (projectId === null) return { ok: false, why: "not_found" };
  for (const asset of request.assets) createOne(session, { ...asset, workspaceId, projectId, at });
  const assetIds = request.assets.map((asset) => asset.assetId);
  rememberKey(session, workspaceId, request.idempotency, assetIds, at);
  return { ok: true, assets: readAssets(session, workspaceId, assetIds) };
}

interface Placed extends NewAsset {
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId;
  readonly at: EpochMs;
}

function createOne(session: Session, asset: Placed): void {
  const { workspaceId, at, plan } = asset;
  const inputs = freezeInputs(session, workspaceId, asset.inputs);
  const waiting = inputs.filter((input) => input.status !== "completed");
  const job = newJob(session, { workspaceId, jobId: asset.jobId, plan, waiting: waiting.length > 0 });
  const decision = advance(null, { type: "create", at, assetId: asset.assetId, versionId: asset.versionId, job });
  if (!decision.ok) throw new Undo(decision);
  const { next, record } = decision;
  session.sql.insertAsset.run({
    ...next.asset,
    workspaceId,
    projectId: asset.projectId,
    name: asset.name,
    type: asset.type,
    jobId: asset.jobId,
    at,
  });
  session.sql.insertVersion.run({
    ...NO_MEDIA,
    id: asset.versionId,
    assetId: asset.assetId,
    number: next.version.number,
    status: next.version.status,
    prompt: asset.prompt,
    model: plan.model,
    params: JSON.stringify(asset.params),
    inputs: JSON.stringify(inputs.map(({ assetId, versionId }) => ({ assetId, versionId }))),
    at,
  });
  if (next.job !== null) writeNewJob(session, { workspaceId, assetId: asset.assetId, job: next.job, plan, at });
  for (const { versionId } of waiting) session.sql.insertJobInput.run(versionId, asset.jobId);
  if (record !== null) recordEvent(session, { workspaceId, assetId: asset.assetId, at }, decision, record);
}

/** The inputs' current versions, by which the work is done whatever becomes of them later (A7). */
function freezeInputs(
  session: Session,
  workspaceId: WorkspaceId,
  assetIds: readonly AssetId[],
): readonly FrozenInput[] {
  return assetIds.map((assetId) => {
    const found = session.sql.inputOfAsset.get(assetId, workspaceId) as Omit<FrozenInput, "assetId"> | undefined;
    if (found === undefined) throw new Undo({ ok: false, why: "input_not_found" });
    if (found.status === "failed" || found.status === "cancelled") throw new Undo({ ok: false, why: "input_failed" });
    return { assetId, ...found };
  });
}

/** The project named, or the workspace's first. */
export function projectOf(session: Session, workspaceId: WorkspaceId, projectId: ProjectId | null): ProjectId | null {
  if (projectId === null) return (session.sql.firstProject.get(workspaceId) as ProjectId | undefined) ?? null;
  return session.sql.isProject.get(projectId, workspaceId) === undefined ? null : projectId;
}

export const NO_MEDIA = {
  key: null,
  mime: null,
  bytes: null,
  sha256: null,
  width: null,
  height: null,
  durationMs: null as number | null,
  posterKey: null,
  thumbKey: null,
  thumbhash: null,
} as const;
