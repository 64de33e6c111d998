import { appendFileSync, closeSync, fstatSync, openSync, readSync } from "node:fs";
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
  readonly close: () => void;
}

/** Several processes may hold one file open: each reads what the others wrote before it answers. */
export function openSimulatorLog(file: string): SimulatorLog {
  const fd = openSync(file, "a+");
  const byJob = new Map<string, LogLine[]>();
  let readTo = 0;
  let rest = Buffer.alloc(0);
  catchUp();
  // What a crash cut in half must not swallow the next line too.
  if (rest.length > 0) appendFileSync(fd, "\n");

  /** Learns every whole line that was written since. */
  function catchUp(): void {
    const news = Buffer.alloc(Math.max(0, fstatSync(fd).size - readTo));
    if (news.length === 0) return;
    const read = readSync(fd, news, 0, news.length, readTo);
    readTo += read;
    const bytes = Buffer.concat([rest, news.subarray(0, read)]);
    const end = bytes.lastIndexOf("\n") + 1;
    rest = bytes.subarray(end);
    for (const line of bytes.toString("utf8", 0, end).split("\n").flatMap(parsed)) remember(line);
  }

  function remember(line: LogLine): void {
    if (line.op === "poll" || line.op === "lookup") return;
    const job = jobOf(line.client_ref);
    const lines = byJob.get(job);
    if (lines === undefined) byJob.set(job, [line]);
    else lines.push(line);
  }

  return {
    ofJob: (clientRef) => {
      catchUp();
      return byJob.get(jobOf(clientRef)) ?? [];
    },
    append: (line) => {
      // Synchronous, so that nothing is answered that is not written; a few hundred bytes, which the system appends as one.
      appendFileSync(fd, `${JSON.stringify(line)}\n`);
    },
    close: () => closeSync(fd),
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
