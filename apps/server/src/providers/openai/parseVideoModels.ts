import { durationMs } from "@reelstate/lifecycle";
import { creditsOfDollars } from "../creditsOfDollars.ts";
import { PICTURE_MODELS } from "./openaiModels.ts";
import type { ModelOffer } from "../Provider.ts";

const MINUTE = 60_000;

export interface VideoModel {
  /** As the gateway names it. */
  readonly model: string;
  readonly offer: ModelOffer;
}

export const VIDEO_SIZES: Readonly<Record<string, string>> = { "16:9": "1280x720", "9:16": "720x1280" };
const USUAL_MS = 4_000;

/**
 * The video models of a gateway, as whoever runs the studio names them: `sora-2=0.10,wan-2.6=0.05`, each with what the gateway
 * charges for a second, in dollars. Nobody else can know either: `GET /models` tells neither what makes videos nor what they
 * cost. OpenAI itself makes none any more ("Deprecations": the Videos API shut down on 2026-09-24). Or what is wrong with it.
 */
export function parseVideoModels(
  variable: string,
  given: string,
  home: URL,
): { readonly models: readonly VideoModel[] } | { readonly flaw: string } {
  const entries = given
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (entries.length === 0) return { models: [] };
  if (home.hostname === "openai.com" || home.hostname.endsWith(".openai.com"))
    return {
      flaw: `${variable} is set, but OpenAI itself makes no videos any more; name a gateway's address, or leave it out`,
    };
  const taken = new Set(PICTURE_MODELS.map(({ model }) => model));
  const models: VideoModel[] = [];
  for (const entry of entries) {
    const [, model, dollars] = /^([\w./:-]+)\s*=\s*(\d+(?:\.\d+)?)$/.exec(entry) ?? [];
    if (model === undefined || dollars === undefined)
      return { flaw: `${variable} must name models with dollars for a second, such as sora-2=0.10,wan-2.6=0.05` };
    if (taken.has(model)) return { flaw: `${variable} names ${model}, which is named already; leave one out` };
    taken.add(model);
    models.push({ model, offer: offerOf(model, Number(dollars)) });
  }
  return { models };
}

function offerOf(model: string, dollarsPerSecond: number): ModelOffer {
  return {
    id: `openai/${model}`,
    name: model,
    type: "video",
    description: {
      en: "A video model of your gateway. A reference picture becomes the first frame; it cannot be cancelled once it was asked for. Not every gateway makes every length.",
      zh: "由你的网关提供的视频模型。参考图会成为第一帧；提交后无法取消。并非每个网关都支持所有时长。",
    },
    aspectRatios: Object.keys(VIDEO_SIZES),
    resolutions: ["720p"],
    durationsMs: { min: USUAL_MS, max: 12_000, default: USUAL_MS },
    maxInputs: 1,
    progress: "measured",
    cancel: false,
    price: ({ durationMs: span }) => creditsOfDollars(dollarsPerSecond * wholeSeconds(span ?? USUAL_MS)),
    attemptTimeoutMs: durationMs(30 * MINUTE),
    jobTimeoutMs: durationMs(90 * MINUTE),
  };
}

/** Videos are asked for in whole seconds; what is begun is asked for, and quoted. */
export function wholeSeconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
