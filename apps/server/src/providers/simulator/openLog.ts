import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const lineSchema = z.looseObject({
  op: z.enum(["submit", "poll", "cancel", "fetch", "lookup"]),
  at: z.number(),
  client_ref: z.string(),
  ref: z.string().optional(),
  ok: z.boolean().optional(),
  script: z.unknown().optional(),
});
export type LogLine = z.infer<typeof lineSchema>;

/** The simulator's only memory: an append-only file that outlives every crash of ours, and can testify. */
export interface SimulatorLog {
  /** What was done by one job's references, in order; mere questions (polls, lookups) are only in the file. */
  readonly ofJob: (clientRef: string) => readonly LogLine[];
  readonly append: (line: LogLine) => void;
}

export function openSimulatorLog(file: string): SimulatorLog {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const byJob = new Map<string, LogLine[]>();
  for (const line of text.split("\n").flatMap(parsed)) remember(line);
  // What a crash cut in half must not swallow the next line too.
  if (text !== "" && !text.endsWith("\n")) appendFileSync(file, "\n");

  function remember(line: LogLine): void {
    if (line.op === "poll" || line.op === "lookup") return;
    const job = jobOf(line.client_ref);
    const lines = byJob.get(job);
    if (lines === undefined) byJob.set(job, [line]);
    else lines.push(line);
  }

  return {
    ofJob: (clientRef) => byJob.get(jobOf(clientRef)) ?? [],
    append: (line) => {
      // Synchronous, so that nothing is answered that is not written; a few hundred bytes.
      appendFileSync(file, `${JSON.stringify(line)}\n`);
      remember(line);
    },
  };
}

/** References are `<job>-<attempt>`: see `runAttempt`. */
function jobOf(clientRef: string): string {
  return clientRef.slice(0, clientRef.lastIndexOf("-"));
}

/** A line that a crash cut in half says nothing. */
function parsed(text: string): readonly LogLine[] {
  try {
    const line = lineSchema.safeParse(JSON.parse(text));
    return line.success ? [line.data] : [];
  } catch {
    return [];
  }
}
