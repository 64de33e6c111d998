import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { openSqliteStore } from "@reelstate/db";

// The operators' command: `npx pnpm studio <command>`.

const COMMANDS = { doctor } as const;

async function doctor(): Promise<number> {
  const file = join(resolve(process.env["DATA_DIR"] ?? "./data"), "reelstate.sqlite");
  if (!existsSync(file)) {
    process.stderr.write(`There is no database at ${file}. Set DATA_DIR to the studio's folder.\n`);
    return 1;
  }
  const store = openSqliteStore({ file, mediaUrl: (key) => key, bootId: `doctor-${process.pid}-${Date.now()}` });
  const findings = await store.checkInvariants();
  await store.close();
  for (const { rule, subject, explanation } of findings) process.stdout.write(`[${rule}] ${subject}: ${explanation}\n`);
  process.stdout.write(findings.length === 0 ? "Everything holds.\n" : `${findings.length} findings.\n`);
  return findings.length === 0 ? 0 : 2;
}

const name = process.argv[2] ?? "";
if (name in COMMANDS) {
  process.exitCode = await COMMANDS[name as keyof typeof COMMANDS]();
} else {
  process.stderr.write(`Say which: npx pnpm studio ${Object.keys(COMMANDS).join(" | ")}\n`);
  process.exitCode = 1;
}
