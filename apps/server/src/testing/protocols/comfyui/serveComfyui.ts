import { setTimeout as delay } from "node:timers/promises";
import { openComfyuiServer } from "./openComfyuiServer.ts";
import type { ServedProvider, ServedRequest } from "../ServedProvider.ts";
import type { PromptGraph } from "./validatePrompt.ts";

/** Of its four: a prompt takes as long as a poll, so that it is seen to run. */
const STEP_MS = 50;

export async function serveComfyui(): Promise<ServedProvider> {
  const server = await openComfyuiServer({ stepMs: STEP_MS });
  const requests = (): readonly ServedRequest[] =>
    [...server.graphs].map(([id, graph]) => ({ id, prompt: wordsOf(graph), state: server.stateOf(id) }));
  return {
    name: "comfyui",
    server,
    env: { COMFYUI_URL: server.url.href },
    model: "comfyui/text-to-image",
    steps: { submit: "submit", poll: "queue", cancel: "cancel", file: "view", prepare: "info" },
    looksUp: true,
    requests,
    promptIn: (body) => wordsOf((body as { readonly prompt: PromptGraph }).prompt),
    stay: async (where) => {
      server.linger(where === "running");
      server.hold(where === "queued");
      if (where !== "made") return;
      while (requests().some(({ state }) => state === "alive")) await delay(5);
    },
  };
}

/** Its first text is the prompt, its second what is not wanted. */
function wordsOf(graph: PromptGraph): string {
  const texts = Object.values(graph).flatMap(({ class_type: name, inputs }) =>
    name === "CLIPTextEncode" ? [String(inputs["text"])] : [],
  );
  return texts[0] ?? "";
}
