import type { ModelCard } from "@reelstate/api";

const COMMON = {
  description: { en: "For tests", zh: "测试用" },
  resolutions: ["1080p"],
  progress: "measured",
  cancel: true,
} as const;

/** Two of one name, as two providers offer them. */
export const HOSTED_MODELS: readonly ModelCard[] = [
  hosted({ id: "fal/flux-schnell", name: "FLUX.1 schnell", provider: "fal", providerLabel: "fal", from: 1 }),
  hosted({ id: "fal/seedream", name: "Seedream 4.5", provider: "fal", providerLabel: "fal", from: 4 }),
  hosted({
    id: "replicate/flux-schnell",
    name: "FLUX.1 schnell",
    provider: "replicate",
    providerLabel: "Replicate",
    from: 2,
  }),
  hosted({ id: "local/storyboard", name: "Storyboard", provider: "local", providerLabel: "This studio", from: 0 }),
];

export const TEST_MODELS: readonly ModelCard[] = [
  {
    ...COMMON,
    id: "sim/image",
    name: "Simulated picture",
    provider: "simulator",
    providerLabel: "Simulator",
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
    providerLabel: "This studio",
    type: "video",
    aspectRatios: ["16:9", "9:16"],
    durationsMs: { min: 1_000, max: 15_000, default: 5_000 },
    maxInputs: 0,
    from: 0 as ModelCard["from"],
  },
];

function hosted({
  from,
  ...named
}: Pick<ModelCard, "id" | "name" | "provider" | "providerLabel"> & { readonly from: number }): ModelCard {
  return {
    ...COMMON,
    ...named,
    type: "image",
    description: { en: `What ${named.providerLabel} draws`, zh: `${named.providerLabel} 的画` },
    aspectRatios: ["16:9"],
    durationsMs: null,
    maxInputs: 0,
    from: from as ModelCard["from"],
  };
}
