import { durationMs } from "@reelstate/lifecycle";
import { creditsOfDollars } from "../creditsOfDollars.ts";
import { replyPicture } from "../hosted/replyPicture.ts";
import type { ModelOffer } from "../Provider.ts";
import type { TokenPrices } from "./pictureCost.ts";

const MINUTE = 60_000;

export interface GoogleModel {
  /** As Google names it. */
  readonly model: string;
  readonly offer: ModelOffer;
  /** What it lists for tokens, by which a picture's real cost is told; absent of what is priced by the second. */
  readonly tokens?: TokenPrices;
}

const pictures = {
  ...replyPicture,
  aspectRatios: ["16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "21:9"],
} as const satisfies Partial<ModelOffer>;

const OMNI_DOLLARS_PER_SECOND = 0.1;
const OMNI_USUAL_MS = 5_000;

/**
 * Checked in 2026-11 against "Gemini deprecations", "Image generation" and "Generate and edit video with Gemini Omni Flash" in copies of
 * 2026-09 and -10, the model names in the official client (3.3.0), and Google's price list as others quote it in 2026-10. Veo is left
 * out: Google shut its models down in this API on 2026-10-22 and names Omni Flash in their place; so are Nano Banana 2
 * (`gemini-3.1-flash-image`, shut down on 2026-10-29) and Imagen, and sizes of another price than the one that is quoted.
 */
export const GOOGLE_MODELS: readonly GoogleModel[] = [
  {
    model: "gemini-nano-banana-2.1",
    offer: {
      ...pictures,
      id: "google/nano-banana-2.1",
      name: "Nano Banana 2.1",
      description: {
        en: "Google's usual picture model: quick, good at lettering, and at changing up to three reference pictures.",
        zh: "谷歌的常用图片模型：速度快，擅长文字，可按提示改动至多三张参考图。",
      },
      resolutions: ["1K"],
      price: () => creditsOfDollars(0.0336),
    },
    // What references cost is not on the list that was seen.
    tokens: { textIn: 1.5, textOut: 7.5, picturesOut: 30 },
  },
  {
    model: "gemini-3-pro-image",
    offer: {
      ...pictures,
      id: "google/nano-banana-pro",
      name: "Nano Banana Pro",
      description: {
        en: "Gemini 3 Pro Image: thinks before it draws, for dense layouts and exact words. Slower and dearer; 2K costs no more.",
        zh: "Gemini 3 Pro Image：先思考再作画，适合复杂版面与准确文字。较慢、较贵；2K 不加价。",
      },
      resolutions: ["1K", "2K"],
      price: () => creditsOfDollars(0.134),
    },
    tokens: { textIn: 2, picturesIn: 2, textOut: 12, picturesOut: 120 },
  },
  {
    model: "gemini-omni-1.1-flash",
    offer: {
      id: "google/omni-flash",
      name: "Gemini Omni Flash",
      type: "video",
      description: {
        en: "Google's video model, with sound. A reference picture becomes the first frame. Its progress is not told.",
        zh: "谷歌的视频模型，自带声音。参考图会成为第一帧。不提供进度。",
      },
      aspectRatios: ["16:9", "9:16"],
      resolutions: ["720p"],
      durationsMs: { min: 3_000, max: 10_000, default: OMNI_USUAL_MS },
      maxInputs: 1,
      progress: "none",
      cancel: true,
      price: ({ durationMs: span }) => creditsOfDollars((OMNI_DOLLARS_PER_SECOND * (span ?? OMNI_USUAL_MS)) / 1_000),
      attemptTimeoutMs: durationMs(20 * MINUTE),
      jobTimeoutMs: durationMs(60 * MINUTE),
    },
  },
];
