import type { SubmitRequest } from "../../../providers/Provider.ts";

export const OPENAI_PICTURE: SubmitRequest = {
  clientRef: "job-1",
  model: "openai/gpt-image-2.6-flare",
  type: "image",
  prompt: "fog",
  params: { aspectRatio: "16:9", resolution: "1K", seed: 7 },
  inputPaths: [],
};

export const OPENAI_VIDEO: SubmitRequest = {
  ...OPENAI_PICTURE,
  model: "openai/sora-2",
  type: "video",
  params: { aspectRatio: "9:16", resolution: "720p", durationMs: 4_000, seed: 7 },
};

/** An answer that refuses. */
export function openaiError(status: number, code: string | null, more: object = {}) {
  return { status, body: { error: { message: "No.", type: "some_error", param: null, code, ...more } } };
}
