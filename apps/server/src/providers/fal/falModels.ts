import { durationMs } from "@reelstate/lifecycle";
import { frameSize } from "../../renderer/frameSize.ts";
import { creditsOfDollars } from "../creditsOfDollars.ts";
import type { JsonObject } from "../../outbound/Outbound.ts";
import type { AspectRatio } from "../../renderer/frameSize.ts";
import type { ModelOffer, SubmitRequest } from "../Provider.ts";

/** A model as the studio offers it, and what it is called and asked at fal. */
export interface FalModel extends ModelOffer {
  /** Where it is submitted. Its first two parts are the app, below which its requests are found. */
  readonly endpoint: (pictures: readonly string[]) => string;
  /** `pictures` as `data:` addresses. */
  readonly input: (request: SubmitRequest, pictures: readonly string[]) => JsonObject;
}

const MINUTE = 60_000;
const RATIOS = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"] as const satisfies readonly AspectRatio[];

/** The clock of a deadline runs while a request waits in fal's queue, too. */
const picture = {
  type: "image",
  durationsMs: null,
  progress: "none",
  cancel: true,
  attemptTimeoutMs: durationMs(15 * MINUTE),
  jobTimeoutMs: durationMs(45 * MINUTE),
} as const satisfies Partial<ModelOffer>;

const clip = {
  type: "video",
  progress: "none",
  cancel: true,
  attemptTimeoutMs: durationMs(40 * MINUTE),
  jobTimeoutMs: durationMs(120 * MINUTE),
} as const satisfies Partial<ModelOffer>;

/** Seedream asks for 2560 × 1440 pixels at least. */
const SEEDREAM_SIZES: Readonly<Record<AspectRatio, { readonly width: number; readonly height: number }>> = {
  "16:9": { width: 2560, height: 1440 },
  "9:16": { width: 1440, height: 2560 },
  "1:1": { width: 2048, height: 2048 },
  "4:3": { width: 2304, height: 1728 },
  "3:4": { width: 1728, height: 2304 },
  "21:9": { width: 3024, height: 1296 },
};

const KLING_SECONDS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] as const;
const VEO_SECONDS = [4, 6, 8] as const;

/**
 * Names, inputs and prices from fal's "Model API Reference" and model pages, and inputs again from the types of its client 1.10
 * (2026-11). Where fal charges by size or with sound, only what the price holds for is offered.
 */
export const FAL_MODELS: readonly FalModel[] = [
  {
    ...picture,
    id: "fal/flux-schnell",
    name: "FLUX.1 schnell",
    description: {
      en: "Fast, cheap sketches by Black Forest Labs, made at fal in a second or two. From words alone.",
      zh: "Black Forest Labs 的快速低价模型，在 fal 上一两秒出图，适合打草稿。仅支持文字。",
    },
    aspectRatios: RATIOS,
    resolutions: ["720p"],
    maxInputs: 0,
    // By the megapixel, begun ones count: two at most in this size.
    price: () => creditsOfDollars(2 * 0.003),
    endpoint: () => "fal-ai/flux/schnell",
    input: (request) => ({
      prompt: request.prompt,
      image_size: frameSize(ratioOf(request), "720p"),
      num_images: 1,
      output_format: "png",
      ...seedOf(request),
    }),
  },
  {
    ...picture,
    id: "fal/nano-banana-2",
    name: "Nano Banana 2",
    description: {
      en: "Google's picture model at fal: follows long instructions, writes text, and edits or combines up to 14 pictures.",
      zh: "fal 上的谷歌图像模型：能理解复杂指令、写出文字，可编辑或融合最多 14 张参考图。",
    },
    aspectRatios: RATIOS,
    resolutions: ["1K"],
    maxInputs: 14,
    price: () => creditsOfDollars(0.08),
    endpoint: (pictures) => (pictures.length === 0 ? "fal-ai/nano-banana-2" : "fal-ai/nano-banana-2/edit"),
    input: (request, pictures) => ({
      prompt: request.prompt,
      aspect_ratio: ratioOf(request),
      resolution: "1K",
      num_images: 1,
      limit_generations: true,
      output_format: "png",
      ...seedOf(request),
      ...(pictures.length === 0 ? {} : { image_urls: pictures }),
    }),
  },
  {
    ...picture,
    id: "fal/seedream-4.5",
    name: "Seedream 4.5",
    description: {
      en: "ByteDance's picture model at fal: large, detailed pictures of about 4 megapixels, and edits with up to 10 pictures.",
      zh: "fal 上的字节跳动图像模型：约 400 万像素的精细大图，可用最多 10 张参考图进行编辑。",
    },
    aspectRatios: RATIOS,
    resolutions: ["2K"],
    maxInputs: 10,
    price: () => creditsOfDollars(0.04),
    endpoint: (pictures) => `fal-ai/bytedance/seedream/v4.5/${pictures.length === 0 ? "text-to-image" : "edit"}`,
    input: (request, pictures) => ({
      prompt: request.prompt,
      image_size: SEEDREAM_SIZES[ratioOf(request)],
      num_images: 1,
      max_images: 1,
      ...seedOf(request),
      ...(pictures.length === 0 ? {} : { image_urls: pictures }),
    }),
  },
  {
    ...clip,
    id: "fal/veo-3.1-fast",
    name: "Veo 3.1 Fast",
    description: {
      en: "Google's video model at fal, with sound: 4, 6 or 8 seconds, from words or from a first picture, cropped to fit.",
      zh: "fal 上的谷歌视频模型，带声音：4、6 或 8 秒，可用文字或首帧图片生成，图片会按画幅裁切。",
    },
    aspectRatios: ["16:9", "9:16"],
    resolutions: ["720p"],
    durationsMs: { min: 4_000, max: 8_000, default: 8_000 },
    maxInputs: 1,
    price: ({ durationMs: span }) => creditsOfDollars(0.15 * secondsOf(VEO_SECONDS, span ?? 8_000)),
    endpoint: (pictures) => (pictures.length === 0 ? "fal-ai/veo3.1/fast" : "fal-ai/veo3.1/fast/image-to-video"),
    input: (request, pictures) => ({
      prompt: request.prompt,
      aspect_ratio: ratioOf(request),
      duration: `${secondsOf(VEO_SECONDS, Number(request.params["durationMs"]))}s`,
      resolution: "720p",
      generate_audio: true,
      // What is made is what was asked for, or nothing: fal would rewrite a prompt that the rules do not allow.
      auto_fix: false,
      ...seedOf(request),
      ...(pictures.length === 0 ? {} : { image_url: pictures[0] }),
    }),
  },
  {
    ...clip,
    id: "fal/kling-3-standard",
    name: "Kling 3.0 Standard",
    description: {
      en: "Kuaishou's video model at fal: 3 to 15 seconds of lively movement, silent. From words alone.",
      zh: "fal 上的快手可灵视频模型：3 至 15 秒，动作流畅，无声。仅支持文字。",
    },
    aspectRatios: ["16:9", "9:16", "1:1"],
    resolutions: ["720p"],
    durationsMs: { min: 3_000, max: 15_000, default: 5_000 },
    maxInputs: 0,
    price: ({ durationMs: span }) => creditsOfDollars(0.084 * secondsOf(KLING_SECONDS, span ?? 5_000)),
    endpoint: () => "fal-ai/kling-video/v3/standard/text-to-video",
    input: (request) => ({
      prompt: request.prompt,
      aspect_ratio: ratioOf(request),
      duration: String(secondsOf(KLING_SECONDS, Number(request.params["durationMs"]))),
      generate_audio: false,
    }),
  },
];

/** The shortest length on offer that is not shorter than what was asked for: asked of fal, and paid. */
function secondsOf(offered: readonly number[], span: number): number {
  const seconds = offered.find((length) => length * 1_000 >= span) ?? offered.at(-1);
  if (seconds === undefined) throw new Error("A model that offers no length cannot make a clip.");
  return seconds;
}

function ratioOf({ params }: SubmitRequest): AspectRatio {
  return RATIOS.find((ratio) => ratio === params["aspectRatio"]) ?? RATIOS[0];
}

function seedOf({ params }: SubmitRequest): { readonly seed?: number } {
  const { seed } = params;
  return typeof seed === "number" ? { seed } : {};
}
