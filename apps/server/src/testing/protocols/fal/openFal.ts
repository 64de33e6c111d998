import { openOutbound } from "../../../outbound/openOutbound.ts";
import { createFalProvider } from "../../../providers/fal/createFalProvider.ts";
import { withSafeWords } from "../../../providers/hosted/withSafeWords.ts";
import { Secret } from "../../../Secret.ts";
import { FAL_TEST_KEY } from "./openFalServer.ts";
import type { OutboundLimits } from "../../../outbound/openOutbound.ts";
import type { Provider } from "../../../providers/Provider.ts";
import type { FalServer } from "./openFalServer.ts";

/** The adapter as it is opened in production, against a protocol server; closed before that. */
export function openFal(server: FalServer, limits: Partial<OutboundLimits> = {}): Provider & AsyncDisposable {
  const outbound = openOutbound({ home: server.url, clock: Date.now, limits });
  const key = new Secret(FAL_TEST_KEY);
  const provider = withSafeWords(createFalProvider({ outbound, key }), key);
  const close = async (): Promise<void> => {
    await provider.close();
    await outbound.close();
  };
  return { ...provider, close, [Symbol.asyncDispose]: close };
}
