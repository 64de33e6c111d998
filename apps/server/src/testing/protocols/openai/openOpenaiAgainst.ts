import { join } from "node:path";
import { openOutbound } from "../../../outbound/openOutbound.ts";
import { createOpenaiProvider } from "../../../providers/openai/createOpenaiProvider.ts";
import { parseVideoModels } from "../../../providers/openai/parseVideoModels.ts";
import { withSafeWords } from "../../../providers/hosted/withSafeWords.ts";
import { Secret } from "../../../Secret.ts";
import { openFolderStorage } from "../../../storage/openFolderStorage.ts";
import { realTimers } from "../../../Timers.ts";
import { temporaryFolder } from "../../temporaryFolder.ts";
import { OPENAI_TEST_KEY, openOpenaiServer } from "./openOpenaiServer.ts";
import type { OutboundLimits } from "../../../outbound/openOutbound.ts";
import type { HostedPlace } from "../../../providers/hosted/HostedProvider.ts";
import type { OpenaiPlan } from "./openOpenaiServer.ts";

export interface OpenaiAgainstOptions {
  readonly plan?: (body: Readonly<Record<string, unknown>>) => OpenaiPlan;
  readonly key?: string;
  readonly limits?: Partial<OutboundLimits>;
  readonly wrapStorage?: (storage: HostedPlace["storage"]) => HostedPlace["storage"];
}

/** The adapter with a video model, the protocol server that it talks to, and a folder whose `media` it keeps pictures in. */
export async function openOpenaiAgainst({ plan, key, limits = {}, wrapStorage }: OpenaiAgainstOptions = {}) {
  const folder = await temporaryFolder();
  const server = await openOpenaiServer(plan);
  const outbound = openOutbound({ home: server.home, clock: Date.now, limits });
  const kept = await openFolderStorage(join(folder.path, "media"));
  const named = parseVideoModels("OPENAI_VIDEO_MODELS", "sora-2=0.10", server.home);
  if ("flaw" in named) throw new Error(named.flaw);
  const secret = new Secret(key ?? OPENAI_TEST_KEY);
  const adapter = createOpenaiProvider(
    // Nobody waits for a disk here.
    { outbound, key: secret, sleep: (_ms, signal) => realTimers.sleep(0, signal) },
    { storage: wrapStorage?.(kept) ?? kept },
    named.models,
  );
  const provider = withSafeWords(adapter, secret);
  return {
    server,
    provider,
    folder: folder.path,
    async [Symbol.asyncDispose]() {
      await provider.close();
      await outbound.close();
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
