import type { ModelCard } from "@reelstate/api";

const COMMON = {
  description: { en: "For tests", zh: "测试用" },
  resolutions: ["1080p"],
  progress: "measured",
  cancel: true,
} as const;

export const TEST_MODELS: readonly ModelCard[] = [
  {
    ...COMMON,
    id: "sim/image",
    name: "Simulated picture",
    provider: "simulator",
    type: "image",
    aspectRatios: ["16:9", "1:1"],
    durationsMs: null,
    maxInputs: 1,
    from: 6 as ModelCard["from"],
  },
  {
    ...COMMON,
    id: "local/storyboard-video",
    name: "Storyboard film",
    provider: "local",
    type: "video",
    aspectRatios: ["16:9", "9:16"],
    durationsMs: { min: 1_000, max: 15_000, default: 5_000 },
    maxInputs: 0,
    from: 0 as ModelCard["from"],
  },
];
