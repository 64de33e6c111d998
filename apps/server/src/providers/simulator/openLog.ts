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
  readonly lines: readonly LogLine[];
  readonly append: (line: LogLine) => void;
}

export function openSimulatorLog(file: string): SimulatorLog {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").flatMap(parsed) : [];
  return {
    lines,
    append: (line) => {
      // Synchronous, so that nothing is answered that is not written; a few hundred bytes.
      appendFileSync(file, `${JSON.stringify(line)}\n`);
      lines.push(line);
    },
  };
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
