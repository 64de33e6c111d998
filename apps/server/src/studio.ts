import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspectSqlite } from "@reelstate/db";
import { explainStart } from "./explainStart.ts";

// The operators' command: `npx pnpm studio <command>`.

const COMMANDS = { doctor } as const;

/** Looks at the database of a studio, running or not, and writes nothing. */
function doctor(): number {
  const file = join(resolve(process.env["DATA_DIR"] ?? "./data"), "reelstate.sqlite");
  if (!existsSync(file)) {
    process.stderr.write(`There is no database at ${file}. Set DATA_DIR to the studio's folder.\n`);
    return 1;
  }
  const findings = inspectSqlite(file);
  for (const { rule, subject, explanation } of findings) process.stdout.write(`[${rule}] ${subject}: ${explanation}\n`);
  process.stdout.write(findings.length === 0 ? "Everything holds.\n" : `${findings.length} findings.\n`);
  return findings.length === 0 ? 0 : 2;
}

const name = process.argv[2] ?? "";
if (name in COMMANDS) {
  try {
    process.exitCode = COMMANDS[name as keyof typeof COMMANDS]();
  } catch (error) {
    process.stderr.write(`${explainStart(error)}\n`);
    process.exitCode = 1;
  }
} else {
  process.stderr.write(`Say which: npx pnpm studio ${Object.keys(COMMANDS).join(" | ")}\n`);
  process.exitCode = 1;
}
