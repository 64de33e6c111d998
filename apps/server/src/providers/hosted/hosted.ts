import { checkComfyui } from "../comfyui/checkComfyui.ts";
import { createComfyuiProvider } from "../comfyui/createComfyuiProvider.ts";
import { checkFalKey, FAL_CHECK_HOME } from "../fal/checkFalKey.ts";
import { createFalProvider } from "../fal/createFalProvider.ts";
import { checkGoogleKey } from "../google/checkGoogleKey.ts";
import { createGoogleProvider } from "../google/createGoogleProvider.ts";
import { checkOpenaiKey } from "../openai/checkOpenaiKey.ts";
import { configureOpenai } from "../openai/configureOpenai.ts";
import { createOpenaiProvider } from "../openai/createOpenaiProvider.ts";
import { checkReplicateKey } from "../replicate/checkReplicateKey.ts";
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
    checkKey: checkComfyui,
    create: createComfyuiProvider,
  },
  {
    name: "fal",
    label: "fal",
    keyVariable: "FAL_KEY",
    homeVariable: "FAL_BASE_URL",
    defaultHome: "https://queue.fal.run",
    checkKey: checkFalKey,
    checkHome: FAL_CHECK_HOME,
    create: createFalProvider,
  },
  {
    name: "replicate",
    label: "Replicate",
    keyVariable: "REPLICATE_API_TOKEN",
    homeVariable: "REPLICATE_BASE_URL",
    defaultHome: "https://api.replicate.com/v1",
    checkKey: checkReplicateKey,
    create: createReplicateProvider,
  },
  {
    name: "google",
    label: "Google",
    keyVariable: "GEMINI_API_KEY",
    homeVariable: "GEMINI_BASE_URL",
    defaultHome: "https://generativelanguage.googleapis.com/v1beta",
    checkKey: checkGoogleKey,
    create: createGoogleProvider,
  },
  {
    name: "openai",
    label: "OpenAI",
    keyVariable: "OPENAI_API_KEY",
    homeVariable: "OPENAI_BASE_URL",
    defaultHome: "https://api.openai.com/v1",
    checkKey: checkOpenaiKey,
    create: createOpenaiProvider,
    configure: configureOpenai,
  },
];
