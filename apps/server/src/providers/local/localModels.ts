import { credits, durationMs } from "@reelstate/lifecycle";
import { ASPECT_RATIOS, RESOLUTIONS } from "../../renderer/frameSize.ts";
import type { ModelOffer } from "../Provider.ts";
import { LONGEST_MS, parseLocalParams, SHORTEST_MS, USUAL_MS } from "./localParams.ts";

const MINUTE = 60_000;

const both = {
  aspectRatios: ASPECT_RATIOS,
  resolutions: RESOLUTIONS,
  maxInputs: 1,
  progress: "measured",
  cancel: true,
  price: () => credits(0),
  parseParams: parseLocalParams,
} as const satisfies Partial<ModelOffer>;

export const LOCAL_IMAGE = "local/storyboard-image";
export const LOCAL_VIDEO = "local/storyboard-video";

/**
 * How long one drawing may take. An attempt has as long as its job, because it may wait behind others for its turn at
 * the machine, which is no fault of its own.
 */
export const LONGEST_RENDER_MS = { image: durationMs(MINUTE), video: durationMs(5 * MINUTE) } as const;

export const LOCAL_MODELS: readonly ModelOffer[] = [
  {
    ...both,
    id: LOCAL_IMAGE,
    name: "Storyboard",
    type: "image",
    description: {
      en: "A storyboard frame drawn on this machine from the words of the prompt: place, light, weather, palette. Free.",
      zh: "在本机按提示词画出的分镜：地点、光线、天气与色调。免费。",
    },
    durationsMs: null,
    attemptTimeoutMs: durationMs(20 * MINUTE),
    jobTimeoutMs: durationMs(20 * MINUTE),
  },
  {
    ...both,
    id: LOCAL_VIDEO,
    name: "Animatic",
    type: "video",
    description: {
      en: "A moving storyboard drawn on this machine: layered scenery, and the camera move your words ask for. Free.",
      zh: "在本机绘制的动态分镜：层次分明的场景，按文字推拉摇移的镜头。免费。",
    },
    durationsMs: { min: SHORTEST_MS, max: LONGEST_MS, default: USUAL_MS },
    attemptTimeoutMs: durationMs(40 * MINUTE),
    jobTimeoutMs: durationMs(40 * MINUTE),
  },
];
