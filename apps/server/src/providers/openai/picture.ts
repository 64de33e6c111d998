import { z } from "zod";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { readPictures } from "../hosted/readPictures.ts";
import { PICTURE_PATIENCE_MS, PICTURE_SIZES } from "./openaiModels.ts";
import type { Answer, Call } from "../../outbound/Outbound.ts";
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

/** How the service answered a call that is billed. */
export type Drawn =
  | { readonly state: "bytes"; readonly bytes: Buffer }
  /** From gateways. */
  | { readonly state: "link"; readonly url: string }
  | { readonly state: "none" };

const ANSWER = z.object({
  data: z.array(z.object({ b64_json: z.string().nullish(), url: z.string().nullish() })),
});

/** Throws where the answer is none: whatever was made of the request, it is not known. */
export function readPicture({ body }: Answer): Drawn {
  const parsed = ANSWER.safeParse(body);
  if (!parsed.success) throw new ProviderFlaw(UNREADABLE, { cause: parsed.error });
  const [first] = parsed.data.data;
  const inline = first?.b64_json || (first?.url?.startsWith("data:") === true ? first.url : "");
  if (inline !== "") return { state: "bytes", bytes: Buffer.from(inline.replace(/^data:[^,]*,/, ""), "base64") };
  return first?.url ? { state: "link", url: first.url } : { state: "none" };
}

const UNREADABLE = {
  code: "provider_unavailable",
  message: "The service's answer cannot be read.",
  retryable: true,
} as const;
