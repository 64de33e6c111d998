import { epochMs } from "@reelstate/lifecycle";
import { storedMedia } from "../rows/storedMedia.ts";
import { loadRowsOfJob } from "./loadRows.ts";
import { moveAsset } from "./moveAsset.ts";
import type { EpochMs, JobId, JobRow, VersionId } from "@reelstate/lifecycle";
import type { LoadedRows } from "../rows/loadedRows.ts";
import type { Claim, ClaimedJob } from "../store/attempts.ts";
import type { Desk } from "./Desk.ts";

/** Gives a job to a worker (J2), with all that an attempt needs; null when it cannot be claimed any more. */
export function claimJob(
  desk: Desk,
  jobId: JobId,
  { workerId, leaseMs, at }: Pick<Claim, "workerId" | "leaseMs"> & { readonly at: EpochMs },
): ClaimedJob | null {
  const loaded = loadRowsOfJob(desk, jobId);
  if (loaded === null) return null;
  const decision = moveAsset(desk, loaded, { type: "claim", at, leaseMs }, { workerId });
  return decision.ok ? claimedJob(desk, loaded, decision.next.job) : null;
}

function claimedJob(desk: Desk, { asset, version, job: record }: LoadedRows, job: JobRow | null): ClaimedJob {
  if (record === null || job === null) throw new Error(`Asset ${asset.id} was claimed without a job.`);
  const { attempt, startedAt, firstClaimedAt, leaseUntil } = job;
  if (startedAt === null || firstClaimedAt === null || leaseUntil === null)
    throw new Error(`Job ${job.id} was claimed without times.`);
  return {
    jobId: job.id,
    attempt,
    workspaceId: asset.workspaceId,
    assetId: asset.id,
    versionId: version.id,
    type: asset.type,
    model: record.model,
    provider: record.provider,
    prompt: version.prompt,
    params: version.params,
    inputs: version.inputs.map(({ versionId }) => ({ versionId, media: mediaOf(desk, versionId) })),
    quote: record.quote,
    failures: job.failures,
    losses: job.losses,
    maxFailures: job.maxFailures,
    createdAt: record.createdAt,
    attemptDeadlineAt: epochMs(startedAt + job.attemptTimeoutMs),
    jobDeadlineAt: epochMs(firstClaimedAt + job.jobTimeoutMs),
    leaseUntil,
    cancelRequested: job.cancelRequestedAt !== null,
    submission: job.submission === "none" ? null : (desk.aliveSubmission(job.id) ?? null),
  };
}

function mediaOf(desk: Desk, versionId: VersionId): ReturnType<typeof storedMedia> {
  const version = desk.version(versionId);
  if (version === undefined) throw new Error(`Input ${versionId} is missing.`);
  return storedMedia(version);
}
