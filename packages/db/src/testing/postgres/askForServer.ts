import { createConnection } from "node:net";
import { text } from "node:stream/consumers";

/** The address of the server behind a socket of `openTestServer`, once it runs. */
export async function askForServer(socket: string): Promise<string> {
  const answer = JSON.parse(await text(createConnection(socket))) as { readonly url?: string; readonly error?: string };
  if (answer.url === undefined) throw new Error(answer.error ?? "The test server did not answer.");
  return answer.url;
}
