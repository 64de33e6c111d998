import { Client } from "pg";
import { CHANNEL, fromPayload } from "./notification.ts";
import type { ClientConfig } from "pg";
import type { Heard } from "./notification.ts";

/** One connection that hears. */
export interface Listening {
  /** Resolves when it does not hear any more. */
  readonly lost: Promise<void>;
  readonly end: () => Promise<void>;
}

/** A connection that a router has forgotten looks as if nobody said anything; it is asked whether it is still there. */
const ASKED_EVERY_MS = 15_000;
const ANSWER_WITHIN_MS = 5_000;

export async function listen(connection: ClientConfig, heard: (heard: Heard) => void): Promise<Listening> {
  const client = new Client({ ...connection, query_timeout: ANSWER_WITHIN_MS });
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
  client.on("error", () => lose());
  client.on("end", () => lose());
  client.on("notification", ({ payload }) => heard(fromPayload(payload)));
  const asking = setInterval(() => void client.query("SELECT 1").catch(() => lose()), ASKED_EVERY_MS).unref();
  const end = async (): Promise<void> => {
    clearInterval(asking);
    await client.end().catch(() => undefined);
  };
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
  } catch (error) {
    await end();
    throw error;
  }
  // Its socket may be half open, and would then never end by itself.
  void lost.then(end);
  return { lost, end };
}
