import type { RefusalReason } from "../decision.ts";
import type { AssetRows, JobRow } from "../rows.ts";
import type { Phase, Status } from "../status.ts";
import type { Step } from "../testing/steps.ts";

/**
 * What SPEC.md says about a step, written a second time and by hand: plain questions about the rows, no machine, no
 * table. The matrix test holds `advance` against it in every reachable state. Null for evidence, which nobody decides.
 */
export type Expected = RefusalReason | { readonly asset: Status; readonly job: Status | Phase | null } | null;

export function expectedOutcome(rows: AssetRows | null, step: Step): Expected {
  if (step.startsWith("submission_")) return null;
  if (rows === null) return birth(step);
  if (step.startsWith("create") || step.startsWith("upload")) return "illegal";
  if (step === "retry" || step === "retry_unaffordable" || step === "regenerate" || step === "recover")
    return start(rows, step);
  if (step === "delete") return rows.asset.deletedAt === null ? afterWish(rows) : "deleted";
  if (step === "cancel" && rows.asset.deletedAt !== null) return "deleted";
  const { job } = rows;
  if (job === null || job.endedAt !== null) return "already_ended";
  const to = job.status === "pending" ? whilePending(job, step) : whileProcessing(job, step);
  return isPlace(to) ? follow(rows, to) : to;
}

type Place = { readonly place: Status | Phase };

function birth(step: Step): Expected {
  switch (step) {
    case "create":
      return { asset: "pending", job: "queued" };
    case "create_waiting":
      return { asset: "pending", job: "waiting_inputs" };
    case "create_unaffordable":
      return "insufficient_credits";
    case "upload":
      return { asset: "completed", job: null };
    case "upload_empty":
      return "media_invalid";
    default:
      return "illegal";
  }
}

function start({ asset, version, job }: AssetRows, step: Step): Expected {
  if (asset.deletedAt !== null) return "deleted";
  if (job !== null && job.endedAt === null) return "busy";
  if (asset.origin === "uploaded") return "illegal";
  if (step === "recover" && !(job?.status === "failed" && job.recoverable)) return "not_recoverable";
  if (step !== "regenerate" && version.status === "completed") return "illegal";
  if (step === "retry_unaffordable") return "insufficient_credits";
  return { asset: asset.status === "completed" ? "completed" : "pending", job: "queued" };
}

/** Deleting wishes the job cancelled, where that changes anything. */
function afterWish(rows: AssetRows): Expected {
  const { asset, job } = rows;
  if (job === null) return { asset: asset.status, job: null };
  if (job.endedAt !== null) return { asset: asset.status, job: job.status };
  const to = job.status === "pending" ? whilePending(job, "cancel") : whileProcessing(job, "cancel");
  return isPlace(to) ? follow(rows, to) : { asset: asset.status, job: job.phase };
}

function whilePending(job: JobRow, step: Step): Place | RefusalReason {
  const { phase } = job;
  const claimable = phase !== "waiting_inputs";
  switch (step) {
    case "cancel":
      if (!alive(job)) return at("cancelled");
      return wished(job) ? "unsettled" : at("queued");
    case "ready":
      return phase === "waiting_inputs" ? at("queued") : "illegal";
    case "reject":
      return at(wished(job) && !alive(job) ? "cancelled" : "failed");
    case "claim":
      return claimable ? at("submitting") : "illegal";
    case "claim_early":
      if (!claimable) return "illegal";
      return phase === "backoff" ? "not_due" : at("submitting");
    case "expire_job":
      if (!claimable) return "illegal";
      // A recovery's work began before it was claimed.
      if (job.firstClaimedAt === null) return "not_due";
      return at(wished(job) && !alive(job) ? "cancelled" : "failed");
    case "expire_job_early":
      return claimable ? "not_due" : "illegal";
    default:
      return "illegal";
  }
}

function whileProcessing(job: JobRow, step: Step): Place | RefusalReason {
  if (step.endsWith("_stale")) return "stale_attempt";
  const stopped = wished(job) && !alive(job);
  switch (step) {
    case "progress_submitting":
    case "progress_at_provider":
    case "progress_fetching":
    case "progress_storing":
      return forward(job.phase as Phase, step.slice("progress_".length) as Phase);
    case "progress_behind":
      return job.phase === "submitting" ? "illegal" : "backwards";
    case "complete":
      return at("completed");
    case "complete_empty":
      return "media_invalid";
    case "fail_final":
      return at(stopped ? "cancelled" : "failed");
    case "fail_retryable":
    case "expire_attempt":
      return at(stopped ? "cancelled" : job.failures + 1 < job.maxFailures ? tryAgain(job) : "failed");
    case "lose":
      return at(stopped ? "cancelled" : job.losses + 1 < job.maxLosses ? tryAgain(job) : "failed");
    case "lose_early":
    case "expire_attempt_early":
    case "expire_job_early":
      return "not_due";
    case "expire_job":
      return at(stopped ? "cancelled" : "failed");
    case "hand_back":
      return at(stopped ? "cancelled" : "queued");
    case "settle":
      if (!wished(job)) return "illegal";
      return alive(job) ? "unsettled" : at("cancelled");
    case "cancel":
      return wished(job) ? "unsettled" : at(job.phase as Phase);
    default:
      return "illegal";
  }
}

function forward(from: Phase, to: Phase): Place | RefusalReason {
  const order: readonly Phase[] = ["submitting", "at_provider", "fetching", "storing"];
  return order.indexOf(to) < order.indexOf(from) ? "backwards" : at(to);
}

/** After a wish there is no backoff: the job is claimable at once, to settle (J7). */
function tryAgain(job: JobRow): Phase {
  return wished(job) ? "queued" : "backoff";
}

function follow({ asset, version }: AssetRows, { place }: Place): Expected {
  const status = statusOf(place);
  const shown = asset.currentVersionId === version.id || status === "completed";
  return { asset: shown ? status : asset.status, job: place };
}

function statusOf(place: Status | Phase): Status {
  switch (place) {
    case "waiting_inputs":
    case "queued":
    case "backoff":
      return "pending";
    case "submitting":
    case "at_provider":
    case "fetching":
    case "storing":
      return "processing";
    default:
      return place;
  }
}

function wished(job: JobRow): boolean {
  return job.cancelRequestedAt !== null;
}

function alive(job: JobRow): boolean {
  return job.submission === "intended" || job.submission === "open";
}

function at(place: Status | Phase): Place {
  return { place };
}

function isPlace(answer: Place | RefusalReason): answer is Place {
  return typeof answer === "object";
}
