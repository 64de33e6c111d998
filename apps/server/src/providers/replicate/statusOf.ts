import { quoted } from "../hosted/quoted.ts";
import { classifyFailure } from "./classifyFailure.ts";
import { fileOf } from "./fileOf.ts";
import type { Secret } from "../../Secret.ts";
import type { ClassifiedError, ProviderStatus } from "../Provider.ts";
import type { Prediction } from "./prediction.ts";

/** The studio's words for what Replicate says of a prediction. It tells no progress but in its logs, which are made for people. */
export function statusOf(prediction: Prediction, key: Secret): ProviderStatus {
  const { status, output, data_removed: removed } = prediction;
  switch (status) {
    case "starting":
      return { state: "queued", position: null };
    case "processing":
      return { state: "running", fraction: null };
    case "succeeded":
      if (removed === true) return { state: "failed", error: EXPIRED };
      return fileOf(output) === null ? { state: "failed", error: NO_FILE } : { state: "succeeded" };
    case "failed":
      return { state: "failed", error: classifyFailure(quoted(prediction.error, key)) };
    case "canceled":
      return endedByDeadline(prediction, false) ? { state: "failed", error: RAN_TOO_LONG } : { state: "cancelled" };
    case "aborted":
      return endedByDeadline(prediction, true) ? { state: "failed", error: NEVER_STARTED } : { state: "cancelled" };
    default:
      return { state: "unknown", raw: quoted(status, key) ?? "" };
  }
}

/** How much before its deadline an end may be noted that the deadline brought. Both times are Replicate's. */
const TOLERANCE_MS = 1_000;

/**
 * Whether it was ended by the deadline that it was submitted with, and not by a person: ours, whose wish the worker knows of, or
 * one at Replicate's own site. `otherwise`, where the times do not say.
 */
function endedByDeadline({ completed_at: ended, deadline }: Prediction, otherwise: boolean): boolean {
  const late = Date.parse(ended ?? "") - Date.parse(deadline ?? "");
  return Number.isNaN(late) ? otherwise : late >= -TOLERANCE_MS;
}

/**
 * It was made, and nothing is left of it to recover (P6): another one is another purchase, which a person decides on, not the
 * next attempt.
 */
const EXPIRED: ClassifiedError = {
  code: "provider_unavailable",
  message:
    "Replicate deletes results after an hour, and nobody could fetch this one in time. It has probably charged for it.",
  retryable: false,
};

/** Final for the same reason. */
const NO_FILE: ClassifiedError = {
  code: "provider_unavailable",
  message: "Replicate says that it is done, and has no file to show. It may have charged for it.",
  retryable: false,
};

/** Not charged, as its documentation says: to be tried again. */
const NEVER_STARTED: ClassifiedError = {
  code: "timeout",
  message: "Replicate did not start in time.",
  retryable: true,
};

/** Charged, as its documentation says: for a person to decide. */
const RAN_TOO_LONG: ClassifiedError = {
  code: "timeout",
  message: "Replicate did not finish in time. It has probably charged for it.",
  retryable: false,
};
