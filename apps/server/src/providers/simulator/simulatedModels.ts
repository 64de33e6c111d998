import { credits, durationMs } from "@reelstate/lifecycle";
import { scriptSchema } from "./script.ts";
import type { ModelOffer } from "../Provider.ts";

const CREDITS_PER_PICTURE = 6;
const CREDITS_PER_SECOND = 6;

const common = {
  aspectRatios: ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"],
  resolutions: ["480p"],
  maxInputs: 1,
  progress: "measured",
  cancel: true,
  attemptTimeoutMs: durationMs(5 * 60_000),
  jobTimeoutMs: durationMs(15 * 60_000),
  parseParams: (params: Readonly<Record<string, unknown>>) => {
    const { script, ...unknown } = params;
    const [name] = Object.keys(unknown);
    if (name !== undefined) return { field: name, message: "is not something this model knows; leave it out" };
    const parsed = scriptSchema.safeParse(script ?? {});
    if (parsed.success) return null;
    const issue = parsed.error.issues[0];
    return { field: ["script", ...(issue?.path ?? [])].join("."), message: issue?.message ?? "cannot be read" };
  },
} as const satisfies Partial<ModelOffer>;

/** Priced as the studio that Reelstate replaces charged. */
export const SIMULATED_MODELS: readonly ModelOffer[] = [
  {
    ...common,
    id: "sim/image",
    name: "Simulated image",
    type: "image",
    description: {
      en: "Behaves like a paid provider, as its script says. Makes no real picture.",
      zh: "按脚本模拟收费服务商的行为，不会生成真正的图片。",
    },
    durationsMs: null,
    price: () => credits(CREDITS_PER_PICTURE),
  },
  {
    ...common,
    id: "sim/video",
    name: "Simulated video",
    type: "video",
    description: {
      en: "Behaves like a paid provider, as its script says. Makes no real video.",
      zh: "按脚本模拟收费服务商的行为，不会生成真正的视频。",
    },
    durationsMs: { min: 1_000, max: 15_000, default: 4_000 },
    price: ({ durationMs: span }) => credits(Math.ceil((CREDITS_PER_SECOND * (span ?? 4_000)) / 1_000)),
  },
];
