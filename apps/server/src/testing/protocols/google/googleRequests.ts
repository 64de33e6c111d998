import type { SubmitRequest } from "../../../providers/Provider.ts";

export const GOOGLE_PICTURE: SubmitRequest = {
  clientRef: "job-1",
  model: "google/nano-banana-2.1",
  type: "image",
  prompt: "fog",
  params: { aspectRatio: "16:9", resolution: "1K", seed: 7 },
  inputPaths: [],
};

export const GOOGLE_VIDEO: SubmitRequest = {
  ...GOOGLE_PICTURE,
  model: "google/omni-flash",
  type: "video",
  params: { aspectRatio: "9:16", resolution: "720p", durationMs: 3_500, seed: 7 },
};

/** An answer that refuses, as `generateContent` has it. */
export function googleError(code: number, status: string, message: string, details: readonly unknown[] = []) {
  return { status: code, body: { error: { code, status, message, details } } };
}
