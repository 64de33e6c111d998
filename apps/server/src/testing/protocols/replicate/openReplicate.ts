import { openOutbound } from "../../../outbound/openOutbound.ts";
import { withSafeWords } from "../../../providers/hosted/withSafeWords.ts";
import { createReplicateProvider } from "../../../providers/replicate/createReplicateProvider.ts";
import { Secret } from "../../../Secret.ts";
import { openReplicateServer, REPLICATE_TOKEN } from "./openReplicateServer.ts";
import type { Provider } from "../../../providers/Provider.ts";
import type { ReplicateServer } from "./openReplicateServer.ts";

export interface OpenedReplicate extends AsyncDisposable {
  readonly server: ReplicateServer;
  readonly provider: Provider;
}

/** The adapter before its protocol server. */
export async function openReplicate({
  token = REPLICATE_TOKEN,
}: { readonly token?: string } = {}): Promise<OpenedReplicate> {
  const server = await openReplicateServer();
  const outbound = openOutbound({ home: server.home, clock: Date.now });
  const key = new Secret(token);
  const provider = withSafeWords(createReplicateProvider({ outbound, key }), key);
  return {
    server,
    provider,
    async [Symbol.asyncDispose]() {
      await provider.close();
      await outbound.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
