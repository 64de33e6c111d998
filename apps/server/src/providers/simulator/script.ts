import { ERROR_CODES } from "@reelstate/lifecycle";
import { z } from "zod";

const MINUTES_MS = 3_600_000;

/** What a test or a demonstration wants to happen: `params.script` of the `sim/*` models. */
export const scriptSchema = z.strictObject({
  /** How long a submit and a fetch take to be answered. */
  submitMs: z.int().min(0).max(MINUTES_MS).default(5),
  fetchMs: z.int().min(0).max(MINUTES_MS).default(5),
  queueMs: z.int().min(0).max(MINUTES_MS).default(300),
  runMs: z.int().min(0).max(MINUTES_MS).default(2_500),
  progress: z.enum(["measured", "none"]).default("measured"),
  fail: z
    .strictObject({
      code: z.enum(ERROR_CODES),
      /** A number: that far into the run. */
      at: z.union([z.enum(["submit", "fetch", "store"]), z.number().min(0).max(1)]),
      retryable: z.boolean().default(false),
      /** How many times it fails before it goes well; without it, always. */
      times: z.int().min(1).optional(),
      /** What the provider asks us to wait (a 429's Retry-After). */
      retryAfterMs: z.int().min(0).max(MINUTES_MS).optional(),
    })
    .optional(),
  /** Runs for ever. */
  hang: z.boolean().default(false),
  /** `late`: accepts the cancel, and finishes all the same. */
  cancel: z.enum(["ok", "late", "unsupported"]).default("ok"),
  lookup: z.boolean().default(true),
  idempotent: z.boolean().default(false),
  /** Accepts the submit and loses the reply. */
  dropAnswer: z.boolean().default(false),
  /** Cuts or pads the output to this size. */
  /** How wide the picture is: a large one takes time to keep. */
  outputWidth: z.int().min(16).max(12_000).optional(),
  outputBytes: z.int().min(0).max(100_000_000).optional(),
});
export type Script = z.output<typeof scriptSchema>;
