import { openTestServer } from "./openTestServer.ts";
import { SERVER_SOCKET } from "./serverForTests.ts";

/** For vitest's `globalSetup`: one server for all workers of a run, which costs nothing to a run that asks for none. */
export async function setup(): Promise<() => Promise<void>> {
  const server = await openTestServer();
  process.env[SERVER_SOCKET] = server.socket;
  return async () => {
    await server[Symbol.asyncDispose]();
  };
}
