import { Queue, Worker } from "bullmq";
import { openBenchRedis, redisServer } from "./openBenchRedis.ts";
import { payload } from "./Engine.ts";
import type { Engine } from "./Engine.ts";

const QUEUE = "make";

/** BullMQ on a Redis that is started for it, with every write flushed before it is answered, or none. */
export function bullmq({ flushed }: { readonly flushed: boolean }): Engine {
  return {
    name: `BullMQ 6, Redis with ${flushed ? "AOF flushed always" : "appendonly no"}`,
    writes: "one hash and its place in sets and a stream",
    waits: flushed ? "the append-only file, flushed" : "Redis's memory",
    lacks: redisServer() === null ? "no redis-server here" : null,
    open: async ({ atOnce }) => {
      const redis = await openBenchRedis({ flushed });
      // A worker's connection must wait for ever, as BullMQ asks.
      const connection = { path: redis.socket, maxRetriesPerRequest: null };
      const queue = new Queue(QUEUE, { connection });
      await queue.waitUntilReady();
      let worker: Worker<ReturnType<typeof payload>> | undefined;
      return {
        enqueue: async (number) => void (await queue.add("make", payload(number))),
        work: async (begins) => {
          worker = new Worker(QUEUE, async ({ data }) => begins(data.seed), { connection, concurrency: atOnce });
          await worker.waitUntilReady();
        },
        unfinished: async () => {
          const counts = await queue.getJobCounts("wait", "active", "delayed", "prioritized", "failed");
          return Object.values(counts).reduce((sum, count) => sum + count, 0);
        },
        async [Symbol.asyncDispose]() {
          await worker?.close();
          await queue.close();
          await redis[Symbol.asyncDispose]();
        },
      };
    },
  };
}
