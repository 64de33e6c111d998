import { z } from "zod";
import { parsed } from "../hosted/parsed.ts";
import { readPictures } from "../hosted/readPictures.ts";
import { PICTURE_PATIENCE_MS } from "../hosted/replyPicture.ts";
import { SERVICE } from "./classifyOpenaiError.ts";
import { EMPTY } from "./classifyRefusal.ts";
import { PICTURE_SIZES } from "./openaiModels.ts";
import type { Cost } from "@reelstate/lifecycle";
import type { Answer, Call } from "../../outbound/Outbound.ts";
import type { Reply } from "../hosted/openReplies.ts";
import type { SubmitRequest } from "../Provider.ts";
import type { PictureModel } from "./openaiModels.ts";

const PARAMS = z.object({ aspectRatio: z.string().default("1:1") });

/** With reference pictures it is an edit of them. */
export async function pictureCall({ model, quality }: PictureModel, request: SubmitRequest): Promise<Call> {
  const { prompt, params, inputPaths } = request;
  const size = PICTURE_SIZES[PARAMS.parse(params).aspectRatio] ?? "1024x1024";
  const fields = { model, prompt, size, quality };
  const common = { method: "POST", answerMs: PICTURE_PATIENCE_MS } as const;
  if (inputPaths.length === 0) return { ...common, path: "/images/generations", body: fields };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const { bytes, ext, mime } of await readPictures(inputPaths, { who: "the service" }))
    form.append("image[]", new File([bytes], `reference.${ext}`, { type: mime }));
  return { ...common, path: "/images/edits", body: form };
}

const ANSWER = z.object({
  data: z.array(z.object({ b64_json: z.string().nullish(), url: z.string().nullish() })),
  usage: z.unknown().optional(),
});

/** How the call was answered, and what its count of tokens comes to; gateways may give an address. Throws where it is no answer: whatever was made is not known. */
export function readPicture(
  answer: Answer,
  costOf: (usage: unknown) => Cost | undefined,
): Reply | { readonly state: "link"; readonly url: string } {
  const { data, usage } = parsed(ANSWER, answer, SERVICE.unreadable);
  const [first] = data;
  const answerId = answerIdOf(answer);
  const inline = first?.b64_json || (first?.url?.startsWith("data:") === true ? first.url : "");
  if (inline !== "")
    return {
      state: "made",
      answerId,
      bytes: Buffer.from(inline.replace(/^data:[^,]*,/, ""), "base64"),
      cost: costOf(usage),
    };
  if (first?.url) return { state: "link", url: first.url };
  return { state: "refused", side: "output", reason: EMPTY, answerId, words: "" };
}

/** What the service calls its answer, for whoever has to ask there. */
export function answerIdOf({ headers }: Answer): string {
  return headers["x-request-id"] ?? "";
}
