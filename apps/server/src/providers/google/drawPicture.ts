import { z } from "zod";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import type { JsonObject } from "../../outbound/Outbound.ts";
import type { ProviderRequest } from "../Provider.ts";
import type { InlineImage } from "./inlineImage.ts";

/** How `generateContent` answered: with a picture, or with why there is none. */
export type Drawn =
  | { readonly state: "made"; readonly responseId: string; readonly bytes: Buffer }
  | {
      readonly state: "refused";
      readonly responseId: string;
      readonly side: "input" | "output";
      /** Google's word: a block reason or a finish reason. */
      readonly reason: string;
      readonly words: string;
    };

const PARAMS = z.object({ aspectRatio: z.string().optional(), resolution: z.string().optional() });

export function pictureBody({ prompt, params }: ProviderRequest, pictures: readonly InlineImage[]): JsonObject {
  const { aspectRatio, resolution } = PARAMS.parse(params);
  return {
    contents: [{ role: "user", parts: [...pictures.map((inlineData) => ({ inlineData })), { text: prompt }] }],
    generationConfig: { responseModalities: ["IMAGE"], imageConfig: { aspectRatio, imageSize: resolution } },
  };
}

const PART = z.object({
  thought: z.boolean().optional(),
  text: z.string().optional(),
  inlineData: z.object({ data: z.string() }).optional(),
});
const ANSWER = z.object({
  responseId: z.string().default(""),
  promptFeedback: z
    .object({ blockReason: z.string().optional(), blockReasonMessage: z.string().optional() })
    .optional(),
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(PART).default([]) }).optional(),
        finishReason: z.string().optional(),
        finishMessage: z.string().optional(),
      }),
    )
    .default([]),
});

/** Throws where the answer is none: whatever Google has made of the request, it is not known. */
export function readPicture(body: unknown): Drawn {
  const parsed = ANSWER.safeParse(body);
  if (!parsed.success || (parsed.data.candidates.length === 0 && parsed.data.promptFeedback === undefined))
    throw new ProviderFlaw(UNREADABLE, { cause: parsed.error });
  const { responseId, promptFeedback, candidates } = parsed.data;
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  // What is drawn while thinking is not the picture, and of several the last one is.
  const data = parts.findLast(({ thought, inlineData }) => thought !== true && inlineData !== undefined)?.inlineData;
  if (data !== undefined) return { state: "made", responseId, bytes: Buffer.from(data.data, "base64") };
  if (promptFeedback?.blockReason !== undefined) {
    const words = promptFeedback.blockReasonMessage ?? "";
    return { state: "refused", responseId, side: "input", reason: promptFeedback.blockReason, words };
  }
  const [candidate] = candidates;
  const reason = candidate?.finishReason ?? "NO_IMAGE";
  const said = parts.flatMap(({ thought, text }) => (thought === true || text === undefined ? [] : [text])).join(" ");
  return { state: "refused", responseId, side: "output", reason, words: candidate?.finishMessage ?? said };
}

const UNREADABLE = {
  code: "provider_unavailable",
  message: "Google's answer cannot be read.",
  retryable: true,
} as const;
