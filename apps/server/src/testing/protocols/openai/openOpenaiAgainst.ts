import { openAgainst } from "../openAgainst.ts";
import { OPENAI_TEST_KEY, openOpenaiServer } from "./openOpenaiServer.ts";
import type { Against, AgainstOptions } from "../openAgainst.ts";
import type { OpenaiPlan, OpenaiServer } from "./openOpenaiServer.ts";

export interface OpenaiAgainstOptions extends AgainstOptions {
  readonly plan?: (body: Readonly<Record<string, unknown>>) => OpenaiPlan;
  readonly key?: string;
}

/** The adapter with a video model, and the protocol server that it talks to. */
export async function openOpenaiAgainst({
  plan,
  key = OPENAI_TEST_KEY,
  ...options
}: OpenaiAgainstOptions = {}): Promise<Against<OpenaiServer>> {
  const server = await openOpenaiServer(plan);
  const env = { OPENAI_API_KEY: key, OPENAI_BASE_URL: server.home.href, OPENAI_VIDEO_MODELS: "sora-2=0.10" };
  return openAgainst(server, env, options);
}
