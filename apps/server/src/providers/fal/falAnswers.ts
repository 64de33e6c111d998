import { z } from "zod";
import type { AssetType } from "@reelstate/lifecycle";

/** It becomes part of addresses. */
const requestId = z.string().regex(/^[\w-]{1,100}$/);

/** The name of an accepted request; null where the answer has none that could be one. */
export function readRequestId(body: unknown): string | null {
  return z.object({ request_id: requestId }).safeParse(body).data?.request_id ?? null;
}

export interface FalStatus {
  /** IN_QUEUE, IN_PROGRESS or COMPLETED; whatever else there may be one day. */
  readonly status: string;
  /** How many are ahead. */
  readonly position: number | null;
  /** On COMPLETED: it did not go well. Why, the result says. */
  readonly failed: boolean;
  readonly errorType: string | null;
}

const text = z.string().min(1).nullish().catch(null);

const statusSchema = z.object({
  status: z.string().min(1),
  queue_position: z.int().nonnegative().nullish().catch(null),
  error: z.unknown().optional(),
  error_type: text,
});

export function readStatus(body: unknown): FalStatus | null {
  const read = statusSchema.safeParse(body).data;
  if (read === undefined) return null;
  const errorType = read.error_type ?? null;
  const said = read.error !== undefined && read.error !== null && read.error !== "";
  return { status: read.status, position: read.queue_position ?? null, failed: said || errorType !== null, errorType };
}

export type FalResult =
  | { readonly state: "made"; readonly url: string }
  /** The safety checker of the model blackened it. */
  | { readonly state: "withheld" }
  | { readonly state: "nothing" };

const file = z.object({ url: z.string().min(1) });

const resultSchema = z.object({
  images: z.array(file).optional().catch(undefined),
  video: file.optional().catch(undefined),
  has_nsfw_concepts: z.array(z.boolean()).nullish().catch(null),
});

const NO_IMAGES = z.object({ images: z.array(z.unknown()).max(0).nullable() });
const NO_VIDEO = z.object({ video: z.null() });

/** What a finished request gave; null where the answer is no result at all: without so much as the place for a file. */
export function readResult(body: unknown, type: AssetType): FalResult | null {
  const read = resultSchema.safeParse(body).data;
  if (read === undefined) return null;
  if (read.has_nsfw_concepts?.[0] === true) return { state: "withheld" };
  const url = (type === "image" ? read.images?.[0] : read.video)?.url;
  if (url !== undefined) return { state: "made", url };
  const { success: isEmpty } = (type === "image" ? NO_IMAGES : NO_VIDEO).safeParse(body);
  return isEmpty ? { state: "nothing" } : null;
}

/** What became of a cancel, whatever the HTTP status is; null where it does not say. */
export function readCancel(body: unknown): string | null {
  return z.object({ status: z.string() }).safeParse(body).data?.status ?? null;
}
