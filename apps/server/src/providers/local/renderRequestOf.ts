import { frameSize } from "../../renderer/frameSize.ts";
import { FRAMES_PER_SECOND } from "../../renderer/protocol.ts";
import type { RenderRequest } from "../../renderer/protocol.ts";
import type { ProviderRequest, SubmitRequest } from "../Provider.ts";
import { localParamsSchema } from "./localParams.ts";
import type { LocalParams } from "./localParams.ts";

export function extensionOf(request: ProviderRequest): string {
  return request.type === "video" ? "mp4" : localParamsSchema.parse(request.params).format;
}

/** The renderer's request: the provider's, with its sizes in pixels. Throws a ZodError when the parameters are wrong. */
export function renderRequestOf(request: SubmitRequest, outPath: string): RenderRequest {
  const params = localParamsSchema.parse(request.params);
  const common = {
    prompt: request.prompt,
    seed: params.seed,
    aspectRatio: params.aspectRatio,
    ...frameSize(params.aspectRatio, params.resolution),
    slate: params.slate,
    language: languageOf(request.prompt, params),
    inputPath: request.inputPaths[0] ?? null,
    outPath,
  };
  return request.type === "video"
    ? { ...common, type: "video", durationMs: params.durationMs, fps: FRAMES_PER_SECOND }
    : { ...common, type: "image", format: params.format };
}

/** The slate speaks the language of the prompt, unless told otherwise. */
function languageOf(prompt: string, params: LocalParams): "en" | "zh" {
  return params.language ?? (/\p{Script=Han}/u.test(prompt) ? "zh" : "en");
}
