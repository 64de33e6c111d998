import { createComfyuiProvider } from "../comfyui/createComfyuiProvider.ts";
import { createFalProvider } from "../fal/createFalProvider.ts";
import { createGoogleProvider } from "../google/createGoogleProvider.ts";
import { configureOpenai, VIDEO_MODELS } from "../openai/configureOpenai.ts";
import { createOpenaiProvider } from "../openai/createOpenaiProvider.ts";
import { createReplicateProvider } from "../replicate/createReplicateProvider.ts";
import type { HostedProvider } from "./HostedProvider.ts";

/** In the order in which their models are offered, after those that cost nothing. */
export const HOSTED: readonly HostedProvider[] = [
  {
    name: "comfyui",
    label: "ComfyUI",
    // ComfyUI itself asks for none. What guards it (the ComfyUI-Login node, gateways of GPU hosts) takes one as a bearer.
    keyVariable: "COMFYUI_TOKEN",
    keyOptional: true,
    homeVariable: "COMFYUI_URL",
    defaultHome: null,
    folderVariable: "COMFYUI_WORKFLOWS",
    create: createComfyuiProvider,
  },
  {
    name: "fal",
    label: "fal",
    keyVariable: "FAL_KEY",
    homeVariable: "FAL_BASE_URL",
    defaultHome: "https://queue.fal.run",
    create: createFalProvider,
  },
  {
    name: "replicate",
    label: "Replicate",
    keyVariable: "REPLICATE_API_TOKEN",
    homeVariable: "REPLICATE_BASE_URL",
    defaultHome: "https://api.replicate.com/v1",
    create: createReplicateProvider,
  },
  {
    name: "google",
    label: "Google",
    keyVariable: "GEMINI_API_KEY",
    homeVariable: "GEMINI_BASE_URL",
    defaultHome: "https://generativelanguage.googleapis.com/v1beta",
    create: createGoogleProvider,
  },
  {
    name: "openai",
    label: "OpenAI",
    keyVariable: "OPENAI_API_KEY",
    homeVariable: "OPENAI_BASE_URL",
    defaultHome: "https://api.openai.com/v1",
    create: createOpenaiProvider,
    variables: [VIDEO_MODELS],
    configure: configureOpenai,
  },
];
