import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { HEALTH_EN, HEALTH_ZH } from "@reelstate/api/health";
import { DatabaseDamaged, inspectSqlite, openSqliteReader, openSqliteStore } from "@reelstate/db";
import { randomUUID } from "node:crypto";
import { lockDataDir } from "../lockDataDir.ts";
import { folderStorage } from "../storage/openFolderStorage.ts";
import { checkFiles, countUnused } from "./checkFiles.ts";
import { mendAll } from "./mendAll.ts";
import { repairOverCopy } from "./repairOverCopy.ts";
import type { HealthFinding } from "@reelstate/api/health";

interface Terminal {
  readonly say: (line: string) => void;
  /** Replaces the line of progress; only where somebody watches. */
  readonly progress: (line: string) => void;
}

const SAID = { en: HEALTH_EN, zh: HEALTH_ZH } as const;
const WELL = { en: "Everything holds.", zh: "一切正常。" } as const;

const HELP = `npx pnpm studio doctor [--deep] [--repair]   looks at the studio in DATA_DIR, running or not

  --deep     reads every file again, and compares its bytes with its name
  --repair   mends what rows alone can put right, over a copy of the database (the newest three are kept in its folder
             backups); the studio must be stopped

Ends with 0 when all is well, else with 2.`;

/**
 * `studio doctor [--repair] [--deep]`: looks at what a studio keeps, a running one's too, and writes nothing unless told to
 * repair, which it does only to a studio that is stopped (K1). Gives the exit code: 0 when all is well, else 2.
 */
export async function doctor(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repair: { type: "boolean", default: false },
      deep: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    terminal.say(HELP);
    return 0;
  }
  const dataDir = resolve(env["DATA_DIR"] ?? "./data");
  const file = join(dataDir, "reelstate.sqlite");
  if (!existsSync(file)) {
    terminal.say(`There is no database at ${file}. Set DATA_DIR to the studio's folder.`);
    return 1;
  }
  if (values.repair) await repair(dataDir, file, terminal);
  const findings = await look(dataDir, file, values.deep, terminal);
  const language = /^zh/i.test(env["LC_ALL"] ?? env["LANG"] ?? "") ? "zh" : "en";
  for (const { rule, subject, check } of findings) {
    const { wrong, means, helps } = SAID[language][check];
    terminal.say(`[${rule}] ${subject}: ${wrong}\n     ${means} ${helps}`);
  }
  terminal.say(findings.length === 0 ? WELL[language] : `${findings.length} findings.`);
  return findings.length === 0 ? 0 : 2;
}

async function look(
  dataDir: string,
  file: string,
  deep: boolean,
  terminal: Terminal,
): Promise<readonly HealthFinding[]> {
  const rows = inspectSqlite(file);
  try {
    return [...rows, ...(await lookAtFiles(dataDir, file, deep, terminal))];
  } catch (error) {
    if (!(error instanceof DatabaseDamaged)) throw error;
    terminal.say(error.message);
    return rows;
  }
}

async function lookAtFiles(
  dataDir: string,
  file: string,
  deep: boolean,
  { say, progress }: Terminal,
): Promise<readonly HealthFinding[]> {
  const store = openSqliteReader(file);
  try {
    const { signal } = new AbortController();
    const deps = { store, storage: folderStorage(join(dataDir, "media")) };
    const findings = await checkFiles(deps, {
      deep,
      signal,
      progress: (done, total) => progress(`files ${done} of ${total}`),
    });
    const unused = await countUnused(deps, signal);
    if (unused.files > 0)
      say(`${unused.files} files (${unused.bytes} bytes) are not referred to; the studio removes them after a day.`);
    return findings;
  } finally {
    await store.close();
  }
}

async function repair(dataDir: string, file: string, { say }: Terminal): Promise<void> {
  // Also so that a file of another program's schema is refused before anything is written.
  const mendable = inspectSqlite(file).some((finding) => finding.mendable);
  const lock = lockDataDir(dataDir);
  try {
    const backup = (to: string): Promise<void> => copyAsItIs(file, to);
    const { mended, copy } = mendable
      ? await repairOverCopy({ store: { backup }, dataDir, clock: Date.now }, () => mendStopped(file))
      : { mended: 0, copy: null };
    if (copy !== null) say(`The database as it was is in ${copy}`);
    say(`${mended} mended.`);
  } finally {
    lock.release();
  }
}

async function copyAsItIs(file: string, to: string): Promise<void> {
  const reader = openSqliteReader(file);
  try {
    await reader.backup(to);
  } finally {
    await reader.close();
  }
}

/** Opening the store puts guards and indexes back; the rest is mended through it. */
async function mendStopped(file: string): Promise<number> {
  let restored: readonly string[] = [];
  const store = openSqliteStore({
    file,
    mediaUrl: (key) => `/media/${key}`,
    bootId: randomUUID(),
    onRestored: (names) => (restored = names),
  });
  try {
    const mended = await mendAll({ store, inspect: async () => inspectSqlite(file) }, new AbortController().signal);
    return restored.length + mended;
  } finally {
    await store.close();
  }
}
