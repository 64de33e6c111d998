import { join } from "node:path";
import { createLocalProvider } from "../providers/local/localProvider.ts";
import { createSimulator } from "../providers/simulator/simulatorProvider.ts";
import { startRender } from "../renderer/startRender.ts";
import { providerContract } from "./providerContract.ts";
import { temporaryFolder } from "./temporaryFolder.ts";
import type { Provider, SubmitRequest } from "../providers/Provider.ts";
import type { OpenedProvider } from "./providerContract.ts";

const FOG = { prompt: "fog", inputPaths: [] } as const;

async function opened(
  open: (folder: string) => Provider,
  requests: Record<"quick" | "slow", Omit<SubmitRequest, "clientRef">>,
): Promise<OpenedProvider> {
  const folder = await temporaryFolder();
  const provider = open(folder.path);
  return {
    provider,
    quick: (clientRef) => ({ clientRef, ...requests.quick }),
    slow: (clientRef) => ({ clientRef, ...requests.slow }),
    async [Symbol.asyncDispose]() {
      await provider.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

providerContract("simulated", () =>
  opened((folder) => createSimulator({ file: join(folder, "simulator.jsonl"), clock: Date.now }), {
    quick: { ...FOG, model: "sim/image", type: "image", params: { script: { queueMs: 50, runMs: 300 } } },
    slow: { ...FOG, model: "sim/video", type: "video", params: { script: { hang: true } } },
  }),
);

providerContract("local", () =>
  opened((workDir) => createLocalProvider({ workDir, startRender, concurrency: 1, now: Date.now }), {
    quick: { ...FOG, model: "local/storyboard-image", type: "image", params: { resolution: "480p", seed: 5 } },
    slow: {
      ...FOG,
      model: "local/storyboard-video",
      type: "video",
      params: { resolution: "480p", seed: 5, durationMs: 15_000 },
    },
  }),
);
