import { creditsOfDollars } from "../creditsOfDollars.ts";
import { replyPicture } from "../hosted/replyPicture.ts";
import type { ModelOffer } from "../Provider.ts";

export interface PictureModel {
  /** As the service names it. */
  readonly model: string;
  /** Decides the price, so it is fixed with the model. */
  readonly quality: "medium" | "high";
  readonly offer: ModelOffer;
}

/** Of about one megapixel, the square one being the dearest. */
export const PICTURE_SIZES: Readonly<Record<string, string>> = {
  "16:9": "1536x864",
  "9:16": "864x1536",
  "1:1": "1024x1024",
  "3:2": "1536x1024",
  "2:3": "1024x1536",
};

const pictures = {
  ...replyPicture,
  aspectRatios: Object.keys(PICTURE_SIZES),
  resolutions: ["1K"],
} as const satisfies Partial<ModelOffer>;

/** What a few hundred words of prompt cost beside the picture, at $5 a million tokens. */
const PROMPT_DOLLARS = 0.005;
/** A reference picture, whatever its size, at $8 a million tokens: of 1,536 patches at most, as others have measured it of GPT Image 2. */
const REFERENCE_DOLLARS = 1_536 * 8e-6;

function priced(dollars: number): ModelOffer["price"] {
  return ({ inputs = 0 }) => creditsOfDollars(dollars + PROMPT_DOLLARS + inputs * REFERENCE_DOLLARS);
}

/**
 * Checked in 2026-11. At first hand: the model names and parameters in the official client (7.59.0), and "Deprecations", by which
 * GPT Image 1 and DALL·E are shut down and 1.5 and 1 mini will be on 2026-12-01. At second hand, from those who sell or measure
 * these models: $30 a million tokens of picture; 1,756 of them for a square one of high quality in 2.5, 439 of medium quality; and
 * that 2.6 needs as many of high quality. The client's words on free sizes such as 1536x864 name 2 and 2.5, not yet 2.6, of which
 * gateways say the same. What goes in ($5 a million tokens of text, $8 of pictures) at first hand from the page of 2.6 Sunburst.
 */
export const PICTURE_MODELS: readonly PictureModel[] = [
  {
    model: "gpt-image-2.6-flare",
    quality: "high",
    offer: {
      ...pictures,
      id: "openai/gpt-image-2.6-flare",
      name: "GPT Image 2.6 Flare",
      description: {
        en: "OpenAI's quick picture model in high quality: good at lettering and layouts. A reference picture costs one or two credits more.",
        zh: "OpenAI 的快速图片模型（高画质）：擅长文字与版面。每张参考图另加一至两个积分。",
      },
      price: priced(0.053),
    },
  },
  {
    model: "gpt-image-2.6-sunburst",
    quality: "high",
    offer: {
      ...pictures,
      id: "openai/gpt-image-2.6-sunburst",
      name: "GPT Image 2.6 Sunburst",
      description: {
        en: "OpenAI's precise picture model: finer detail, and steady when it changes reference pictures, each one or two credits more. Slower.",
        zh: "OpenAI 的精细图片模型：细节更好，改动参考图时更稳定（每张另加一至两个积分）。速度较慢。",
      },
      price: priced(0.053),
    },
  },
  {
    model: "gpt-image-2.5-flare",
    quality: "medium",
    offer: {
      ...pictures,
      id: "openai/gpt-image-2.5-flare",
      name: "GPT Image 2.5 Flare",
      description: {
        en: "The model before it in medium quality: the cheapest for drafts. A reference picture costs one or two credits more.",
        zh: "上一代快速模型（中等画质）：打草稿最便宜。每张参考图另加一至两个积分。",
      },
      price: priced(0.0132),
    },
  },
];
