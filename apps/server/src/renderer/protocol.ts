import { z } from "zod";

export const FRAMES_PER_SECOND = 24;

const common = {
  prompt: z.string().max(20_000),
  seed: z.int(),
  aspectRatio: z.string(),
  width: z.int().min(16).max(4096),
  height: z.int().min(16).max(4096),
  /** Letterbox with caption and shot data. */
  slate: z.boolean(),
  language: z.enum(["en", "zh"]),
  /** A picture to move or grade instead of drawing scenery. */
  inputPath: z.string().nullable(),
  /** The finished file; while it is written it is called `<outPath>.part`. */
  outPath: z.string(),
};

/** What the server asks of a render child, as JSON over IPC. */
export const renderRequestSchema = z.discriminatedUnion("type", [
  z.strictObject({ ...common, type: z.literal("image"), format: z.enum(["png", "webp"]) }),
  z.strictObject({
    ...common,
    type: z.literal("video"),
    durationMs: z.int().min(100).max(60_000),
    fps: z.literal(FRAMES_PER_SECOND),
  }),
]);
export type RenderRequest = z.infer<typeof renderRequestSchema>;
export type ImageRequest = Extract<RenderRequest, { type: "image" }>;
export type VideoRequest = Extract<RenderRequest, { type: "video" }>;

/**
 * `invalid_input`: the reference picture cannot be read. `provider_unavailable`: this machine has no video encoder.
 * `disk_full`: there is no space for what was drawn.
 */
export const RENDER_FAILURES = ["invalid_input", "provider_unavailable", "disk_full", "internal"] as const;
export type RenderFailure = (typeof RENDER_FAILURES)[number];

/** What a render child tells; the server believes nothing that does not parse. */
export const renderMessageSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("progress"), done: z.int().min(0), total: z.int().min(1) }),
  z.strictObject({ kind: z.literal("done"), bytes: z.int().min(1) }),
  z.strictObject({ kind: z.literal("failed"), code: z.enum(RENDER_FAILURES), message: z.string() }),
]);
export type RenderMessage = z.infer<typeof renderMessageSchema>;
