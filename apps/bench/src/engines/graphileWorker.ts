import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { Pool } from "pg";
import { payload } from "./Engine.ts";
import type { Runner, TaskList } from "graphile-worker";
import type { BenchPostgres } from "./openBenchPostgres.ts";
import type { Engine } from "./Engine.ts";

const SILENT = new Logger(() => () => {});

/**
 * graphile-worker, one by one (a statement takes each job and one ends it), or with its local queue and its batching of
 * completions. Jobs are added one by one in both: each is another caller's.
 */
export function graphileWorker(postgres: BenchPostgres, { batched }: { readonly batched: boolean }): Engine {
  return {
    name: `graphile-worker 0.18, ${batched ? "batched" : "one by one"}`,
    writes: "one row, deleted when done",
    waits: "COMMIT, flushed",
    lacks: null,
    open: async ({ atOnce, connections }) => {
      const database = await postgres.createDatabase();
      const pgPool = new Pool({ connectionString: database.url, max: connections });
      // It asks for these: what breaks is told by the statement that waits for it.
      pgPool.on("error", () => {});
      pgPool.on("connect", (client) => void client.on("error", () => {}));
      const utils = await makeWorkerUtils({ pgPool, logger: SILENT });
      await utils.migrate();
      let runner: Runner | undefined;
      return {
        enqueue: async (number) => void (await utils.addJob("make", payload(number))),
        work: async (begins) => {
          const taskList: TaskList = { make: (given) => begins((given as ReturnType<typeof payload>).seed) };
          runner = await run({
            pgPool,
            logger: SILENT,
            noHandleSignals: true,
            concurrency: atOnce,
            taskList,
            preset: batched
              ? { worker: { localQueue: { size: atOnce }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } }
              : {},
          });
        },
        unfinished: async () => {
          const { rows } = await pgPool.query<{ count: number }>("SELECT count(*)::int FROM graphile_worker.jobs");
          return rows[0]?.count ?? 0;
        },
        async [Symbol.asyncDispose]() {
          await runner?.stop();
          await utils.release();
          await pgPool.end();
          await database[Symbol.asyncDispose]();
        },
      };
    },
  };
}
