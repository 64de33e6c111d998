import { z } from "zod";
import { readPictures } from "../hosted/readPictures.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { PICTURE_PATIENCE_MS } from "../hosted/replyPicture.ts";
import { GOOGLE } from "./classifyGoogleError.ts";
import { inlineImage } from "./inlineImage.ts";
import type { Cost } from "@reelstate/lifecycle";
import type { Answer, Call } from "../../outbound/Outbound.ts";
import type { Reply } from "../hosted/openReplies.ts";
import type { SubmitRequest } from "../Provider.ts";

const PARAMS = z.object({ aspectRatio: z.string().optional(), resolution: z.string().optional() });

export async function pictureCall(model: string, { prompt, params, inputPaths }: SubmitRequest): Promise<Call> {
  const { aspectRatio, resolution } = PARAMS.parse(params);
  const pictures = (await readPictures(inputPaths, { who: "Google" })).map(inlineImage);
  return {
    method: "POST",
    path: `/models/${model}:generateContent`,
    answerMs: PICTURE_PATIENCE_MS,
    body: {
      contents: [{ role: "user", parts: [...pictures.map((inlineData) => ({ inlineData })), { text: prompt }] }],
      generationConfig: { responseModalities: ["IMAGE"], imageConfig: { aspectRatio, imageSize: resolution } },
    },
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
  usageMetadata: z.unknown().optional(),
});

/**
 * How `generateContent` answered, and what its count of tokens comes to. Throws where the answer is none: whatever Google has made
 * of the request, it is not known.
 */
export function readPicture({ body }: Answer, costOf: (usage: unknown) => Cost | undefined): Reply {
  const parsed = ANSWER.safeParse(body);
  if (!parsed.success || (parsed.data.candidates.length === 0 && parsed.data.promptFeedback === undefined))
    throw new ProviderFlaw(GOOGLE.unreadable, { cause: parsed.error });
  const { responseId: answerId, promptFeedback, candidates, usageMetadata } = parsed.data;
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  // What is drawn while thinking is not the picture, and of several the last one is.
  const data = parts.findLast(({ thought, inlineData }) => thought !== true && inlineData !== undefined)?.inlineData;
  if (data !== undefined)
    return { state: "made", answerId, bytes: Buffer.from(data.data, "base64"), cost: costOf(usageMetadata) };
  if (promptFeedback?.blockReason !== undefined) {
    const words = promptFeedback.blockReasonMessage ?? "";
    return { state: "refused", answerId, side: "input", reason: promptFeedback.blockReason, words };
  }
  const [candidate] = candidates;
  const reason = candidate?.finishReason ?? "NO_IMAGE";
  const said = parts.flatMap(({ thought, text }) => (thought === true || text === undefined ? [] : [text])).join(" ");
  return { state: "refused", answerId, side: "output", reason, words: candidate?.finishMessage ?? said };
}
