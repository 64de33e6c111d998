import { z } from "zod";
import { parsed } from "../hosted/parsed.ts";
import { providerId } from "../hosted/providerId.ts";
import { readPictures } from "../hosted/readPictures.ts";
import { classifyGoogleEnd, GOOGLE } from "./classifyGoogleError.ts";
import { readGoogleError } from "./googleError.ts";
import { inlineImage } from "./inlineImage.ts";
import type { Answer, Call } from "../../outbound/Outbound.ts";
import type { ClassifiedError, SubmitRequest } from "../Provider.ts";

const PARAMS = z.object({
  aspectRatio: z.string().optional(),
  resolution: z.string().optional(),
  durationMs: z.number().optional(),
});

/** A video as an interaction in the background: it is named at once, and kept (55 days with a paid key). */
export async function videoCall(model: string, { prompt, params, inputPaths }: SubmitRequest): Promise<Call> {
  const { aspectRatio, resolution, durationMs } = PARAMS.parse(params);
  const pictures = (await readPictures(inputPaths, { who: "Google" })).map(inlineImage);
  const body = {
    model,
    input: [
      ...pictures.map(({ data, mimeType }) => ({ type: "image", data, mime_type: mimeType })),
      { type: "text", text: prompt },
    ],
    background: true,
    store: true,
    // Left to the model, a picture may become a reference that is not seen in the video.
    generation_config: { video_config: { task: pictures.length > 0 ? "image_to_video" : "text_to_video" } },
    response_format: {
      type: "video",
      // Within the answer it may be no larger than 4 MB.
      delivery: "uri",
      aspect_ratio: aspectRatio,
      resolution,
      ...(durationMs === undefined ? {} : { duration: `${durationMs / 1_000}s` }),
    },
  };
  return { method: "POST", path: "/interactions", body };
}

/** What an interaction gave: the address of a file, or the file itself. */
export type VideoOutput =
  | { readonly uri: string; readonly data?: undefined }
  | { readonly uri?: undefined; readonly data: string };

/** What became of an interaction, as far as it says so itself. */
export type InteractionState =
  | { readonly state: "queued" }
  | { readonly state: "running" }
  | { readonly state: "completed"; readonly output: VideoOutput }
  | { readonly state: "failed"; readonly error: ClassifiedError }
  | { readonly state: "cancelled" }
  | { readonly state: "unknown"; readonly raw: string };

const INTERACTION = z.object({
  id: providerId,
  status: z.string(),
  steps: z
    .array(
      z.object({
        type: z.string(),
        content: z
          .array(
            z.object({
              type: z.string(),
              text: z.string().optional().catch(undefined),
              uri: z.string().optional().catch(undefined),
              data: z.string().optional().catch(undefined),
            }),
          )
          .optional(),
        error: z.unknown().optional(),
      }),
    )
    .default([]),
  error: z.unknown().optional(),
  errors: z.array(z.unknown()).default([]),
});

type Interaction = z.infer<typeof INTERACTION>;

/** Whatever else an accepted request says: by its id it can be asked about (P1). Throws where there is none. */
export function parseInteractionId(answer: Answer): string {
  return parsed(INTERACTION.pick({ id: true }), answer, GOOGLE.unreadable).id;
}

/** Throws where the answer is none. `own`: whether it is Google that says so. */
export function parseInteraction(answer: Answer, { own }: { readonly own: boolean }): InteractionState {
  return stateOf(parsed(INTERACTION, answer, GOOGLE.unreadable), own);
}

function stateOf(interaction: Interaction, own: boolean): InteractionState {
  switch (interaction.status) {
    case "queued":
      return { state: "queued" };
    case "in_progress":
      return { state: "running" };
    case "completed":
      return completed(interaction, own);
    case "cancelled":
      return { state: "cancelled" };
    case "failed":
    case "incomplete":
      return { state: "failed", error: endOf(interaction, own) ?? BROKEN_OFF };
    case "budget_exceeded":
      return { state: "failed", error: endOf(interaction, own) ?? OVER_BUDGET };
    default:
      // Among them those that wait for us, which nothing here makes Google do.
      return { state: "unknown", raw: interaction.status };
  }
}

function completed(interaction: Interaction, own: boolean): InteractionState {
  const content = interaction.steps.flatMap((step) => (step.type === "model_output" ? (step.content ?? []) : []));
  const video = content.findLast(({ type, uri, data }) => type === "video" && (uri ?? data) !== undefined);
  if (video?.uri !== undefined) return { state: "completed", output: { uri: video.uri } };
  if (video?.data !== undefined) return { state: "completed", output: { data: video.data } };
  // So it ends when its filters, or the model itself, withhold the video: completed, with words at most.
  const words = content.map(({ text }) => text ?? "").join(" ");
  return { state: "failed", error: endOf(interaction, own) ?? { ...GOOGLE.output, detail: words.trim() } };
}

function endOf({ steps, error, errors }: Interaction, own: boolean): ClassifiedError | null {
  const given = [error, ...errors, ...steps.map((step) => step.error)].find(
    (each) => each !== undefined && each !== null,
  );
  const said = given === undefined ? null : readGoogleError(given);
  return said === null ? null : classifyGoogleEnd(said, { own });
}

const BROKEN_OFF: ClassifiedError = {
  code: "provider_unavailable",
  message: "Google broke off without saying why. It was probably charged for.",
  // Nobody knows: another one is a person's to buy.
  retryable: false,
};

const OVER_BUDGET: ClassifiedError = {
  code: "provider_quota",
  message: "The budget that is set at Google is used up.",
  retryable: false,
};
