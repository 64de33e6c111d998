import { join } from "node:path";
import { openOutbound } from "../../../outbound/openOutbound.ts";
import { createGoogleProvider } from "../../../providers/google/createGoogleProvider.ts";
import { withSafeWords } from "../../../providers/hosted/withSafeWords.ts";
import { Secret } from "../../../Secret.ts";
import { openFolderStorage } from "../../../storage/openFolderStorage.ts";
import { realTimers } from "../../../Timers.ts";
import { temporaryFolder } from "../../temporaryFolder.ts";
import { GOOGLE_TEST_KEY, openGoogleServer } from "./openGoogleServer.ts";
import type { OutboundLimits } from "../../../outbound/openOutbound.ts";
import type { HostedPlace } from "../../../providers/hosted/HostedProvider.ts";
import type { VideoPlan } from "./openGoogleServer.ts";

export interface GoogleAgainstOptions {
  readonly plan?: (body: Record<string, unknown>) => VideoPlan;
  readonly key?: string;
  readonly limits?: Partial<OutboundLimits>;
  readonly wrapStorage?: (storage: HostedPlace["storage"]) => HostedPlace["storage"];
}

/** The adapter, the protocol server that it talks to, and a folder whose `media` it keeps pictures in. */
export async function openGoogleAgainst({ plan, key, limits = {}, wrapStorage }: GoogleAgainstOptions = {}) {
  const folder = await temporaryFolder();
  const server = await openGoogleServer(plan);
  const outbound = openOutbound({ home: server.home, clock: Date.now, limits });
  const kept = await openFolderStorage(join(folder.path, "media"));
  const secret = new Secret(key ?? GOOGLE_TEST_KEY);
  const adapter = createGoogleProvider(
    // Nobody waits for a disk here.
    { outbound, key: secret, sleep: (_ms, signal) => realTimers.sleep(0, signal) },
    { storage: wrapStorage?.(kept) ?? kept },
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
