import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "./studioClient.ts";

export interface Witnessed {
  readonly op: "submit" | "poll" | "cancel" | "fetch" | "lookup";
  readonly at: number;
  readonly client_ref: string;
  /** Of a submit, a cancel or a fetch: whether it was taken. */
  readonly ok?: boolean;
  /** Of a submit that an idempotent provider knew already. */
  readonly repeated?: boolean;
  /** Of a submit that was taken: what the simulator was told to do. */
  readonly script?: Required<Pick<Script, "queueMs" | "runMs" | "hang" | "idempotent">> & Script;
}

/** What the simulator was really asked: the witness that outlives every crash of ours. */
export function simulatorLog({ dataDir }: { readonly dataDir: string }): readonly Witnessed[] {
  const file = join(dataDir, "simulator.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").flatMap(whole) : [];
}

/** Whether it is a request that the provider took. */
export function isTaken({ op, ok }: Witnessed): boolean {
  return op === "submit" && ok === true;
}

/** A line that a crash cut in half says nothing. */
function whole(line: string): readonly Witnessed[] {
  try {
    return [JSON.parse(line) as Witnessed];
  } catch {
    return [];
  }
}
