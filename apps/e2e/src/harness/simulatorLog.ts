import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Studio } from "./startStudio.ts";

export interface Witnessed {
  readonly op: "submit" | "poll" | "cancel" | "fetch" | "lookup";
  readonly at: number;
  readonly client_ref: string;
}

/** What the simulator was really asked: the witness that outlives every crash of ours. */
export function simulatorLog(studio: Studio): readonly Witnessed[] {
  return readFileSync(join(studio.dataDir, "simulator.jsonl"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Witnessed);
}
