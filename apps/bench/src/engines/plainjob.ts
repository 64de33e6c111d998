import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { better, defineQueue, defineWorker, JobStatus } from "plainjob";
import { payload } from "./Engine.ts";
import type { Engine } from "./Engine.ts";

const SILENT = { error() {}, warn() {}, info() {}, debug() {} };

/** plainjob, whose worker does one job after the other, as it sets its database up: nothing waits for the disk. */
export function plainjob(): Engine {
  return {
    name: "plainjob 0.0.14 on SQLite",
    writes: "one row, kept",
    waits: "the operating system (WAL, synchronous=NORMAL)",
    lacks: null,
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), "plainjob-bench-"));
      const queue = defineQueue({ connection: better(new Sqlite(join(folder, "bench.sqlite"))), logger: SILENT });
      let added = 0;
      let worker: ReturnType<typeof defineWorker> | undefined;
      let working: Promise<void> | undefined;
      return {
        enqueue: async (number) => {
          queue.add("make", payload(number));
          added += 1;
          // It works in this same thread: nobody else would get a turn.
          if (added % 64 === 0) await new Promise(setImmediate);
        },
        work: async (begins) => {
          const make = ({ data }: { readonly data: string }): void =>
            begins((JSON.parse(data) as ReturnType<typeof payload>).seed);
          worker = defineWorker("make", make, { queue, logger: SILENT, pollIntervall: 1 });
          working = worker.start();
        },
        unfinished: async () => added - queue.countJobs({ status: JobStatus.Done }),
        async [Symbol.asyncDispose]() {
          await worker?.stop();
          await working;
          queue.close();
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
  };
}
