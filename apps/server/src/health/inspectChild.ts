import { parentPort, workerData } from "node:worker_threads";
import { inspectSqlite } from "@reelstate/db";
import type { Inspected } from "./openInspector.ts";

// A thread of its own: the questions are long ones, and the server goes on answering meanwhile.

const { file } = workerData as { readonly file: string };

parentPort?.on("message", () => parentPort?.postMessage(inspect()));

function inspect(): Inspected {
  try {
    return { ok: true, findings: inspectSqlite(file) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
