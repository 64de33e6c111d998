import { Client } from "pg";
import { connectionOver } from "../Connection.ts";
import { refuseOtherPostgres } from "../migrate.ts";
import { postgresConnection } from "../openPostgresPool.ts";
import { explainedFailure } from "../postgresFailure.ts";
import { countMedia, listMedia, referencedKeys } from "../reads/media.ts";
import type { Store } from "../../Store.ts";

export type PostgresReader = Pick<Store, "listMedia" | "countMedia" | "referencedKeys" | "close">;

/** What files a studio's rows refer to, while it runs too: nothing is changed or migrated (K1). Throws `DatabaseTooNew`. */
export async function openPostgresReader(url: string): Promise<PostgresReader> {
  const client = new Client(postgresConnection({ url, applicationName: "reelstate doctor" }));
  // The loss of the connection is told by the statement that waits.
  client.on("error", () => {});
  try {
    await client.connect();
    await refuseOtherPostgres(client);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw explainedFailure(error);
  }
  const connection = connectionOver(client);
  return {
    listMedia: (request) => listMedia(connection, request),
    countMedia: () => countMedia(connection),
    referencedKeys: () => referencedKeys(connection),
    close: () => client.end(),
  };
}
