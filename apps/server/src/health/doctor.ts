import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { HEALTH_EN, HEALTH_ZH } from "@reelstate/api/health";
import { DatabaseDamaged, inspectSqlite, openSqliteReader, openSqliteStore } from "@reelstate/db";
import { randomUUID } from "node:crypto";
import { lockDataDir } from "../lockDataDir.ts";
import { parseStorage } from "../config.ts";
import { BucketUnusable } from "../storage/BucketUnusable.ts";
import { StorageError } from "../storage/StorageError.ts";
import { readStorage } from "../storage/openStorage.ts";
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

const HELP = `npx pnpm studio doctor [--deep] [--repair]   looks at the studio in DATA_DIR (and the bucket in STORAGE_URL), running or not

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
  const s3 = parseStorage(env);
  if (values.repair) await repair(dataDir, file, terminal);
  const { findings, unseen } = await look({ dataDir, s3 }, file, values.deep, terminal);
  const language = /^zh/i.test(env["LC_ALL"] ?? env["LANG"] ?? "") ? "zh" : "en";
  for (const { rule, subject, check } of findings) {
    const { wrong, means, helps } = SAID[language][check];
    terminal.say(`[${rule}] ${subject}: ${wrong}\n     ${means} ${helps}`);
  }
  if (findings.length > 0) terminal.say(`${findings.length} findings.`);
  else if (!unseen) terminal.say(WELL[language]);
  return findings.length === 0 && !unseen ? 0 : 2;
}

interface Looked {
  readonly findings: readonly HealthFinding[];
  /** Something could not be looked at, which was said. */
  readonly unseen: boolean;
}

async function look(
  place: Parameters<typeof readStorage>[0],
  file: string,
  deep: boolean,
  terminal: Terminal,
): Promise<Looked> {
  const rows = inspectSqlite(file);
  try {
    return { findings: [...rows, ...(await lookAtFiles(place, file, deep, terminal))], unseen: false };
  } catch (error) {
    const explained = [DatabaseDamaged, BucketUnusable, StorageError].some((flaw) => error instanceof flaw);
    if (!explained || !(error instanceof Error)) throw error;
    terminal.say(error.message);
    return { findings: rows, unseen: true };
  }
}

async function lookAtFiles(
  place: Parameters<typeof readStorage>[0],
  file: string,
  deep: boolean,
  { say, progress }: Terminal,
): Promise<readonly HealthFinding[]> {
  await using opened = new AsyncDisposableStack();
  const store = openSqliteReader(file);
  opened.defer(store.close);
  const storage = await readStorage(place);
  opened.defer(storage.close);
  const { signal } = new AbortController();
  const deps = { store, storage };
  const findings = await checkFiles(deps, {
    deep,
    signal,
    progress: (done, total) => progress(`files ${done} of ${total}`),
  });
  const unused = await countUnused(deps, signal);
  if (unused.files > 0)
    say(`${unused.files} files (${unused.bytes} bytes) are not referred to; the studio removes them after a day.`);
  return findings;
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
