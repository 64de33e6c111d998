import type { AssetRows, JobRow } from "../rows.ts";

/** Tells which rows count as the same state. */
export type Identify = (rows: AssetRows | null) => string;

/**
 * Everything about the rows that legality depends on: two rows with the same key take the same steps and refuse the
 * same others for the same reasons. Ids, times and messages are left out, so that the states are finitely many.
 */
export function stateKey(rows: AssetRows | null): string {
  if (rows === null) return "nothing";
  const { asset, version, job, hold } = rows;
  return [
    `${asset.origin} ${asset.status}`,
    asset.deletedAt === null ? "" : "deleted",
    asset.errorCode ?? "",
    version.id === asset.currentVersionId ? "" : `beside ${version.status}`,
    version.hasMedia ? "media" : "",
    ...(job === null ? ["no job"] : jobKey(job)),
    hold?.state ?? "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** Coarser: statuses, phase, wish, submission and hold. A few dozen states, for suites that play each on a real store. */
export function coarseStateKey(rows: AssetRows | null): string {
  if (rows === null) return "nothing";
  const { asset, version, job, hold } = rows;
  return [
    `${asset.origin} ${asset.status}`,
    asset.deletedAt === null ? "" : "deleted",
    version.id === asset.currentVersionId ? "" : "beside",
    job === null ? "no job" : `job ${job.phase ?? job.status}`,
    job !== null && wished(job) ? "wished" : "",
    job !== null && job.endedAt === null && job.submission !== "none" ? job.submission : "",
    job?.status === "failed" && job.recoverable ? "recoverable" : "",
    hold?.state ?? "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** Coarsest: what a person sees, the asset's status and the phase or status of its job. */
export function shownStateKey(rows: AssetRows | null): string {
  if (rows === null) return "nothing";
  return `${rows.asset.status}, job ${rows.job?.phase ?? rows.job?.status ?? "none"}`;
}

function jobKey(job: JobRow): readonly string[] {
  return [
    `job ${job.phase ?? job.status}`,
    job.phase === null ? "" : job.status,
    job.firstClaimedAt === null ? "" : "claimed before",
    job.attempt === 0 ? "no attempt" : "",
    `failures ${job.failures}/${job.maxFailures}`,
    `losses ${job.losses}/${job.maxLosses}`,
    job.fraction === null ? "" : `fraction ${job.fraction}`,
    job.leaseUntil === null ? "" : "leased",
    job.nextTryAt === null ? "" : "not before",
    wished(job) ? "wished" : "",
    `submission ${job.submission}`,
    job.recoverable ? "recoverable" : "",
    job.errorCode ?? "",
  ];
}

function wished(job: JobRow): boolean {
  return job.cancelRequestedAt !== null;
}
