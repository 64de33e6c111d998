import { openAgainst } from "../openAgainst.ts";
import { GOOGLE_TEST_KEY, openGoogleServer } from "./openGoogleServer.ts";
import type { Against, AgainstOptions } from "../openAgainst.ts";
import type { GoogleServer, VideoPlan } from "./openGoogleServer.ts";

export interface GoogleAgainstOptions extends AgainstOptions {
  readonly plan?: (body: Record<string, unknown>) => VideoPlan;
  readonly key?: string;
}

/** The adapter and the protocol server that it talks to. */
export async function openGoogleAgainst({
  plan,
  key = GOOGLE_TEST_KEY,
  ...options
}: GoogleAgainstOptions = {}): Promise<Against<GoogleServer>> {
  const server = await openGoogleServer(plan);
  return openAgainst(server, { GEMINI_API_KEY: key, GEMINI_BASE_URL: server.home.href }, options);
}
