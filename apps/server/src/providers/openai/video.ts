import { z } from "zod";
import { parsed } from "../hosted/parsed.ts";
import { providerId } from "../hosted/providerId.ts";
import { readPictures } from "../hosted/readPictures.ts";
import { classifyOpenaiEnd, SERVICE } from "./classifyOpenaiError.ts";
import { readOpenaiError } from "./openaiError.ts";
import { VIDEO_SIZES, wholeSeconds } from "./parseVideoModels.ts";
import type { Answer, Call } from "../../outbound/Outbound.ts";
import type { Picture } from "../hosted/readPictures.ts";
import type { ClassifiedError, ProviderStatus, SubmitRequest } from "../Provider.ts";

const PARAMS = z.object({ aspectRatio: z.string().default("16:9"), durationMs: z.number().positive() });

export async function videoCall(model: string, { prompt, params, inputPaths }: SubmitRequest): Promise<Call> {
  const { aspectRatio, durationMs } = PARAMS.parse(params);
  const size = VIDEO_SIZES[aspectRatio] ?? "1280x720";
  const body = new FormData();
  for (const [name, value] of Object.entries({ model, prompt, size, seconds: String(wholeSeconds(durationMs)) }))
    body.set(name, value);
  for (const picture of await readPictures(inputPaths.slice(0, 1), { who: "the service" }))
    body.set("input_reference", await framed(picture, size));
  return { method: "POST", path: "/videos", body };
}

/** Users of the original service report that a first frame had to be of the video's own size. */
async function framed(picture: Picture, size: string): Promise<File> {
  const [width, height] = size.split("x").map(Number);
  const { default: sharp } = await import("sharp");
  const bytes = await sharp(picture.bytes)
    .autoOrient()
    .resize({ ...(width === undefined || height === undefined ? {} : { width, height }), fit: "cover" })
    .png()
    .toBuffer();
  return new File([new Uint8Array(bytes)], "reference.png", { type: "image/png" });
}

const VIDEO = z.object({
  id: providerId,
  status: z.string(),
  progress: z.number().nullish().catch(null),
  error: z.unknown(),
});
/** Whatever else an accepted request says: by its id it can be asked about (P1). Throws where there is none. */
export function parseVideoId(answer: Answer): string {
  return parsed(VIDEO.pick({ id: true }), answer, SERVICE.unreadable).id;
}

/** Throws where the answer is none. */
export function videoStatus(answer: Answer): ProviderStatus {
  const { status, progress, error } = parsed(VIDEO, answer, SERVICE.unreadable);
  switch (status) {
    case "queued":
      return { state: "queued", position: null };
    case "in_progress":
      return { state: "running", fraction: fractionOf(progress) };
    case "completed":
      return { state: "succeeded" };
    case "failed": {
      const said = readOpenaiError(error);
      return { state: "failed", error: said === null ? NO_REASON : classifyOpenaiEnd(said) };
    }
    default:
      return { state: "unknown", raw: status };
  }
}

/** Told in percent. */
function fractionOf(progress: number | null | undefined): number | null {
  return progress === null || progress === undefined ? null : Math.min(1, Math.max(0, progress / 100));
}

const NO_REASON: ClassifiedError = {
  code: "provider_unavailable",
  message: "The service could not make it, and does not say why. It was probably charged for.",
  retryable: false,
};
