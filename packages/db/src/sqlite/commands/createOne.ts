import { advance } from "@reelstate/lifecycle";
import { toAsset } from "../../rows/toAsset.ts";
import { jobFacts } from "../reads/jobFacts.ts";
import { recordEvent } from "../writeDecision.ts";
import { newJob, writeNewJob } from "./writeNewJob.ts";
import type {
  Asset,
  AssetId,
  AssetRows,
  EpochMs,
  ProjectId,
  Status,
  VersionId,
  WorkspaceId,
} from "@reelstate/lifecycle";
import type { NewAsset, StoreOutcome, StoreRefusal } from "../../store/people.ts";
import type { Session } from "../Session.ts";

export interface Placed extends NewAsset {
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId;
  readonly at: EpochMs;
}

export interface FrozenInput {
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly status: Status;
}

/** Writes one new asset with version, job, hold and event; a refusal comes before anything is written. */
export function createOne(session: Session, asset: Placed): StoreOutcome<{ readonly asset: Asset }> {
  const { workspaceId, at, plan } = asset;
  const inputs = freezeInputs(session, workspaceId, asset.inputs);
  if ("ok" in inputs) return inputs;
  const waiting = inputs.filter((input) => input.status !== "completed");
  const job = newJob(session, { workspaceId, jobId: asset.jobId, plan, waiting: waiting.length > 0 });
  const decision = advance(null, { type: "create", at, assetId: asset.assetId, versionId: asset.versionId, job });
  if (!decision.ok) return decision;
  const { next, record } = decision;
  const frozen = inputs.map(({ assetId, versionId }) => ({ assetId, versionId }));
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
    inputs: JSON.stringify(frozen),
    at,
  });
  if (next.job !== null) writeNewJob(session, { workspaceId, assetId: asset.assetId, job: next.job, plan, at });
  for (const { versionId } of waiting) session.sql.insertJobInput.run(versionId, asset.jobId);
  if (record !== null) recordEvent(session, { workspaceId, assetId: asset.assetId, at }, decision, record);
  return { ok: true, asset: answer(session, asset, next, frozen) };
}

/** The asset as reading it back would show it, without reading it back. */
function answer(
  session: Session,
  asset: Placed,
  next: AssetRows,
  inputs: readonly Omit<FrozenInput, "status">[],
): Asset {
  const { assetId, workspaceId, projectId, name, type, prompt, params, plan, at } = asset;
  const { model, provider, priority, quote } = plan;
  const { id, number, status } = next.version;
  const job = next.job && {
    ...next.job,
    workspaceId,
    assetId,
    model,
    provider,
    priority,
    quote,
    holdState: "held" as const,
    workerId: null,
    progressAt: null,
    errorDetail: null,
    createdAt: at,
  };
  const record = {
    asset: { ...next.asset, workspaceId, projectId, name, type, jobId: asset.jobId, createdAt: at, updatedAt: at },
    version: { ...NO_MEDIA, id, assetId, number, status, prompt, model, params, inputs, mediaKey: null, createdAt: at },
    job,
  };
  return toAsset(session, record, jobFacts(session, job));
}

/** The inputs' current versions, by which the work is done whatever becomes of them later (A7). */
export function freezeInputs(
  session: Session,
  workspaceId: WorkspaceId,
  assetIds: readonly AssetId[],
): readonly FrozenInput[] | StoreRefusal {
  const frozen: FrozenInput[] = [];
  for (const assetId of assetIds) {
    const found = session.sql.inputOfAsset.get(assetId, workspaceId) as Omit<FrozenInput, "assetId"> | undefined;
    if (found === undefined) return { ok: false, why: "input_not_found" };
    if (found.status === "failed" || found.status === "cancelled") return { ok: false, why: "input_failed" };
    frozen.push({ assetId, ...found });
  }
  return frozen;
}

export const NO_MEDIA = {
  key: null,
  mime: null,
  bytes: null,
  sha256: null,
  width: null,
  height: null,
  durationMs: null,
  posterKey: null,
  thumbKey: null,
  thumbhash: null,
} as const;
