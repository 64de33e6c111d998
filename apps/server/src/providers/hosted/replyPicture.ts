import { durationMs } from "@reelstate/lifecycle";
import type { ModelOffer } from "../Provider.ts";

const MINUTE = 60_000;

/** A picture that comes with the answer, drawn with much thought, takes minutes. */
export const PICTURE_PATIENCE_MS = durationMs(4 * MINUTE);

/** What is the same of all models whose pictures come with the answer. */
export const replyPicture = {
  type: "image",
  durationsMs: null,
  maxInputs: 3,
  progress: "none",
  cancel: false,
  submitPatienceMs: PICTURE_PATIENCE_MS,
  attemptTimeoutMs: durationMs(6 * MINUTE),
  jobTimeoutMs: durationMs(30 * MINUTE),
} as const satisfies Partial<ModelOffer>;
