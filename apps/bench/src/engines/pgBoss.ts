import { PgBoss } from "pg-boss";
import { payload } from "./Engine.ts";
import type { BenchPostgres } from "./openBenchPostgres.ts";
import type { Engine } from "./Engine.ts";

const QUEUE = "make";

/** pg-boss with its NOTIFY, taking jobs in batches: one by one it would wait for its poll between two jobs. */
export function pgBoss(postgres: BenchPostgres): Engine {
  return {
    name: "pg-boss 12, batches and NOTIFY",
    writes: "one row, kept",
    waits: "COMMIT, flushed",
    lacks: null,
    open: async ({ atOnce, connections }) => {
      const database = await postgres.createDatabase();
      const boss = new PgBoss({ connectionString: database.url, max: connections, useListenNotify: true });
      let failed: Error | undefined;
      boss.on("error", (error) => (failed = error));
      await boss.start();
      await boss.createQueue(QUEUE, { notify: true });
      return {
        enqueue: async (number) => {
          if ((await boss.send(QUEUE, payload(number))) === null) throw new Error("pg-boss kept no job");
        },
        work: async (begins) => {
          await boss.work<ReturnType<typeof payload>>(
            QUEUE,
            { batchSize: atOnce, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 },
            async (jobs) => {
              for (const { data } of jobs) begins(data.seed);
            },
          );
        },
        unfinished: async () => {
          if (failed !== undefined) throw failed;
          const { rows } = await boss
            .getDb()
            .executeSql("SELECT count(*)::int AS count FROM pgboss.job WHERE name = $1 AND state <> 'completed'", [
              QUEUE,
            ]);
          return (rows[0] as { readonly count: number }).count;
        },
        async [Symbol.asyncDispose]() {
          await boss.stop({ graceful: true });
          await database[Symbol.asyncDispose]();
        },
      };
    },
  };
}
