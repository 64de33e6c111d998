import { Client } from "pg";
import { postgresConnection } from "../../postgres/openPostgresPool.ts";

/** A connection beside the studio's, that looks at its tables, and may hold locks to bring about a certain order. */
export interface Witness extends AsyncDisposable {
  readonly rows: <Row>(sql: string, ...values: readonly unknown[]) => Promise<readonly Row[]>;
  /** Resolves once so many of the studio's connections wait for a lock. */
  readonly untilBlocked: (count: number) => Promise<void>;
}

const WAITING = `SELECT count(*) AS waiting FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`;

export async function openWitness(url: string): Promise<Witness> {
  const client = new Client(postgresConnection({ url }));
  // A lost connection is heard of by whoever asks next.
  client.on("error", () => {});
  await client.connect();
  const rows = async <Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> =>
    (await client.query(sql, [...values])).rows as Row[];
  return {
    rows,
    untilBlocked: async (count) => {
      for (;;) {
        const [found] = await rows<{ readonly waiting: number }>(WAITING);
        if ((found?.waiting ?? 0) >= count) return;
      }
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
