import { durationMs } from "@reelstate/lifecycle";
import { z } from "zod";
import { creditsOfDollars } from "../creditsOfDollars.ts";
import type { JsonObject } from "../../outbound/Outbound.ts";
import type { ModelOffer, ProviderRequest } from "../Provider.ts";

export interface ReplicateModel {
  readonly offer: ModelOffer;
  /** `owner/name` of an official model: called without a version, always warm, paid by what it makes. */
  readonly path: string;
  /**
   * How long Replicate may take, by its own clock (`Cancel-After`): before our own deadline, so that what hangs ends there too
   * and another try may begin.
   */
  readonly deadlineMinutes: number;
  readonly inputOf: (request: ProviderRequest, pictures: readonly string[]) => JsonObject;
}

const MINUTE = 60_000;
/** How much later our own deadline is: for an end at Replicate to be read. */
const GRACE_MINUTES = 2;
/** The tries a job has. */
const TRIES = 3;

const PARAMS = z
  .object({
    aspectRatio: z.string(),
    resolution: z.string(),
    durationMs: z.number(),
    // Some models take none above 31 bits.
    seed: z.int().transform((seed) => seed % 2 ** 31),
  })
  .partial();

const FLUX_RATIOS = ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5"];
const SEEDANCE_RATIOS = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"];
const SEEDANCE_LENGTHS = { min: 2_000, max: 12_000, default: 5_000 };

/**
 * Ids, inputs and prices as Replicate's model pages (their API and pricing sections) had them in October 2026, checked 2026-11.
 * Each is offered in one size, because there a size has its price.
 */
export const REPLICATE_MODELS: readonly ReplicateModel[] = [
  picture({
    id: "replicate/flux-schnell",
    path: "black-forest-labs/flux-schnell",
    name: "FLUX.1 schnell",
    description: {
      en: "Quick pictures of about one megapixel for drafts and variations. Text only.",
      zh: "快速生成约一百万像素的图片，适合打草稿、试想法。仅支持文字提示。",
    },
    aspectRatios: [...FLUX_RATIOS, "21:9", "9:21"],
    dollars: 0.003,
    pictureInput: null,
  }),
  picture({
    id: "replicate/flux-1.1-pro",
    path: "black-forest-labs/flux-1.1-pro",
    name: "FLUX 1.1 pro",
    description: {
      en: "Detailed pictures of about one megapixel that follow the prompt closely. Text only.",
      zh: "细节丰富、贴合提示词的约一百万像素图片。仅支持文字提示。",
    },
    aspectRatios: FLUX_RATIOS,
    dollars: 0.04,
    pictureInput: null,
  }),
  picture({
    id: "replicate/flux-kontext-pro",
    path: "black-forest-labs/flux-kontext-pro",
    name: "FLUX.1 Kontext pro",
    description: {
      en: "Changes a reference picture as the prompt says, in the aspect ratio you choose. Works without one, too.",
      zh: "按提示词修改参考图，画面比例由你选择；也可以不用参考图。",
    },
    aspectRatios: [...FLUX_RATIOS, "21:9", "9:21", "2:1", "1:2"],
    dollars: 0.04,
    pictureInput: "input_image",
  }),
  clip({
    id: "replicate/seedance-1.5-pro",
    path: "bytedance/seedance-1.5-pro",
    name: "Seedance 1.5 Pro",
    description: {
      en: "Silent clips in 720p, from words or from a first frame. A reference gives the clip its aspect ratio.",
      zh: "720p 无声视频，可由文字或首帧图片生成。使用参考图时，画面比例以图片为准。",
    },
    dollarsPerSecond: 0.026,
    more: { generate_audio: false },
  }),
  clip({
    id: "replicate/seedance-1-lite",
    path: "bytedance/seedance-1-lite",
    name: "Seedance 1 Lite",
    description: {
      en: "Silent clips in 720p by the earlier, lighter model, from words or from a first frame that gives the aspect ratio.",
      zh: "较早的轻量模型生成的 720p 无声视频，可由文字或首帧图片生成；使用参考图时，画面比例以图片为准。",
    },
    dollarsPerSecond: 0.036,
    more: {},
  }),
];

type Told = Pick<ModelOffer, "id" | "name" | "description"> & Pick<ReplicateModel, "path">;

function picture({
  path,
  dollars,
  pictureInput,
  ...told
}: Told &
  Pick<ModelOffer, "aspectRatios"> & {
    readonly dollars: number;
    /** The name of the input that takes a reference. */
    readonly pictureInput: string | null;
  }): ReplicateModel {
  const deadlineMinutes = 10;
  return {
    path,
    deadlineMinutes,
    offer: {
      ...told,
      ...common(deadlineMinutes),
      type: "image",
      resolutions: [],
      durationsMs: null,
      maxInputs: pictureInput === null ? 0 : 1,
      price: () => creditsOfDollars(dollars),
    },
    inputOf: ({ prompt, params }, [first]) => {
      const { aspectRatio, seed } = PARAMS.parse(params);
      return {
        prompt,
        aspect_ratio: aspectRatio,
        seed,
        output_format: "png",
        ...(pictureInput === null || first === undefined ? {} : { [pictureInput]: first }),
      };
    },
  };
}

function clip({
  path,
  dollarsPerSecond,
  more,
  ...told
}: Told & { readonly dollarsPerSecond: number; readonly more: JsonObject }): ReplicateModel {
  const deadlineMinutes = 20;
  return {
    path,
    deadlineMinutes,
    offer: {
      ...told,
      ...common(deadlineMinutes),
      type: "video",
      aspectRatios: SEEDANCE_RATIOS,
      resolutions: ["720p"],
      durationsMs: SEEDANCE_LENGTHS,
      maxInputs: 1,
      price: ({ durationMs: span }) => creditsOfDollars(dollarsPerSecond * wholeSeconds(span)),
    },
    inputOf: ({ prompt, params }, [first]) => {
      const { aspectRatio, resolution, durationMs: span, seed } = PARAMS.parse(params);
      return {
        prompt,
        aspect_ratio: aspectRatio,
        resolution,
        duration: wholeSeconds(span),
        seed,
        ...more,
        ...(first === undefined ? {} : { image: first }),
      };
    },
  };
}

function common(deadlineMinutes: number) {
  const attempt = (deadlineMinutes + GRACE_MINUTES) * MINUTE;
  return {
    progress: "none",
    cancel: true,
    attemptTimeoutMs: durationMs(attempt),
    jobTimeoutMs: durationMs(TRIES * attempt),
  } as const satisfies Partial<ModelOffer>;
}

/** Clips are made, and paid, in whole seconds; what is asked for is never cut short. */
function wholeSeconds(spanMs = SEEDANCE_LENGTHS.default): number {
  return Math.ceil(spanMs / 1_000);
}
