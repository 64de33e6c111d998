import { advance, overBudget } from "@reelstate/lifecycle";
import { recordEvent } from "./writeDecision.ts";
import { creditOf, newJob, newJobRecord } from "./newJob.ts";
import type { AssetId, Credits, EpochMs, ProjectId, Status, VersionId, WorkspaceId } from "@reelstate/lifecycle";
import type { AssetParts } from "../rows/toAsset.ts";
import type { NewAsset, StoreOutcome, StoreRefusal } from "../store/people.ts";
import type { Desk } from "./Desk.ts";

export interface Placed extends NewAsset {
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId;
  readonly at: EpochMs;
  /** What is asked for together with it, itself included and what was made of it before not: all of it or nothing (A1). */
  readonly total: Credits;
}

export interface FrozenInput {
  readonly assetId: AssetId;
  readonly versionId: VersionId;
  readonly status: Status;
}

/** Writes one new asset with version, job, hold and event; a refusal comes before anything is written. */
export function createOne(desk: Desk, placed: Placed): StoreOutcome<{ readonly made: AssetParts }> {
  const { workspaceId, projectId, assetId, versionId, name, type, prompt, params, plan, at } = placed;
  const inputs = freezeInputs(desk, workspaceId, placed.inputs);
  if ("ok" in inputs) return inputs;
  const waiting = inputs.filter((input) => input.status !== "completed");
  const credit = creditOf(desk, workspaceId);
  const decision = advance(null, {
    type: "create",
    at,
    assetId,
    versionId,
    job: newJob({ credit, jobId: placed.jobId, plan, waiting: waiting.length > 0 }),
  });
  if (!decision.ok) return decision;
  const over = overBudget(credit, placed.total, at);
  if (over !== null) return over;
  const { next, record } = decision;
  const { id, number, status } = next.version;
  const made: AssetParts = {
    asset: { ...next.asset, workspaceId, projectId, name, type, jobId: placed.jobId, createdAt: at, updatedAt: at },
    version: {
      ...NOT_MADE,
      id,
      assetId,
      number,
      status,
      prompt,
      model: plan.model,
      params,
      inputs: inputs.map(({ assetId: of, versionId: as }) => ({ assetId: of, versionId: as })),
      createdAt: at,
    },
    job: next.job && newJobRecord({ workspaceId, assetId, job: next.job, plan, at }),
  };
  desk.insertAsset(made.asset);
  desk.insertVersion(made.version);
  if (made.job !== null) desk.insertJob(made.job);
  for (const input of waiting) desk.insertJobInput(input.versionId, placed.jobId);
  if (record !== null) recordEvent(desk, { workspaceId, assetId, at }, decision, record);
  return { ok: true, made };
}

/** The inputs' current versions, by which the work is done whatever becomes of them later (A7). */
export function freezeInputs(
  desk: Desk,
  workspaceId: WorkspaceId,
  assetIds: readonly AssetId[],
): readonly FrozenInput[] | StoreRefusal {
  const frozen: FrozenInput[] = [];
  for (const assetId of assetIds) {
    const asset = desk.asset(assetId);
    const there = asset?.workspaceId === workspaceId && asset.deletedAt === null;
    const version = asset !== undefined && there ? desk.version(asset.currentVersionId) : undefined;
    if (version === undefined) return { ok: false, why: "input_not_found" };
    const { id: versionId, status } = version;
    if (status === "failed" || status === "cancelled") return { ok: false, why: "input_failed" };
    frozen.push({ assetId, versionId, status });
  }
  return frozen;
}

/** What is known of a version once something is made of it. */
export const NOT_MADE = {
  mediaKey: null,
  mime: null,
  bytes: null,
  sha256: null,
  width: null,
  height: null,
  durationMs: null,
  posterKey: null,
  thumbKey: null,
  thumbhash: null,
  costMicros: null,
  costBasis: null,
} as const;
