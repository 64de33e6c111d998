import { z } from "zod";

/** Asks the frame child for one picture of a video, written as PNG to `outPath`. */
export const frameRequestSchema = z.strictObject({
  id: z.int(),
  path: z.string(),
  outPath: z.string(),
  atMs: z.number().min(0),
});
export type FrameRequest = z.infer<typeof frameRequestSchema>;

export const frameMessageSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("done"), id: z.int() }),
  z.strictObject({ kind: z.literal("failed"), id: z.int(), message: z.string() }),
]);
export type FrameMessage = z.infer<typeof frameMessageSchema>;
