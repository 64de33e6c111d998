import { askForServer } from "./askForServer.ts";
import { openTestServer } from "./openTestServer.ts";

/** Set by the run's setup: where its workers find the one server of the run. */
export const SERVER_SOCKET = "REELSTATE_TEST_POSTGRES";

let own: Promise<string> | undefined;

export interface ServerForTests {
  readonly url: string;
  /** Whether it ends with the run, and everything in it. */
  readonly isOwn: boolean;
}

/**
 * The server that tests may make databases in: the one that DATABASE_URL names, else the run's, else, for a program that is
 * run by hand, one that ends with it.
 */
export async function serverForTests(): Promise<ServerForTests> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && /^postgres(ql)?:/.test(given)) return { url: given, isOwn: false };
  const socket = process.env[SERVER_SOCKET];
  own ??= socket === undefined ? openTestServer().then((opened) => askForServer(opened.socket)) : askForServer(socket);
  return { url: await own, isOwn: true };
}
