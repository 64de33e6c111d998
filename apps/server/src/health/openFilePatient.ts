import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inspectSqlite, openSqliteReader, openSqliteStore } from "@reelstate/db";
import { lockDataDir } from "../lockDataDir.ts";
import { mendAll } from "./mendAll.ts";
import { repairOverCopy } from "./repairOverCopy.ts";
import type { Patient } from "./Patient.ts";

/** The SQLite file in a studio's folder; words instead where there is none. It is repaired while no studio runs on it. */
export function openFilePatient(dataDir: string): Patient | string {
  const file = join(dataDir, "reelstate.sqlite");
  if (!existsSync(file)) return `There is no database at ${file}. Set DATA_DIR to the studio's folder.`;
  return {
    inspect: async () => inspectSqlite(file),
    read: async () => openSqliteReader(file),
    repair: (say) => repair(dataDir, file, say),
  };
}

async function repair(dataDir: string, file: string, say: (line: string) => void): Promise<void> {
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
