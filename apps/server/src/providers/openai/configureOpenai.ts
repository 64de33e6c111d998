import { createOpenaiProvider } from "./createOpenaiProvider.ts";
import { parseVideoModels } from "./parseVideoModels.ts";
import type { HostedProvider } from "../hosted/HostedProvider.ts";

const VIDEO_MODELS = "OPENAI_VIDEO_MODELS";

/** With the video models of a gateway, where they are named. */
export const configureOpenai: NonNullable<HostedProvider["configure"]> = (env, home) => {
  const parsed = parseVideoModels(VIDEO_MODELS, env[VIDEO_MODELS] ?? "", home);
  if ("flaw" in parsed) return parsed.flaw;
  return (deps, place) => createOpenaiProvider(deps, place, parsed.models);
};
