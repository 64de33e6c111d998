import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "@reelstate/db";

interface Deps {
  readonly store: Pick<Store, "backup">;
  readonly dataDir: string;
  readonly clock: () => number;
}

export interface Repaired {
  readonly mended: number;
  /** The copy's path; null where nothing was mended, because then it is what the database is. */
  readonly copy: string | null;
}

/** Copies made by repairs; each is as large as the database. Others in the folder are nobody's to remove. */
const COPIES_KEPT = 3;
const COPY = /^before-repair-.*\.sqlite$/;
const PART = ".part";
/** What SQLite may have put beside a file that somebody looked into. */
const BESIDE = ["", "-wal", "-shm", "-journal"];

/** Copies the database into the folder of backups beside it, repairs, and keeps the newest few copies of repairs that mended something. */
export async function repairOverCopy({ store, dataDir, clock }: Deps, mend: () => Promise<number>): Promise<Repaired> {
  const folder = join(dataDir, "backups");
  await mkdir(folder, { recursive: true });
  const copy = join(folder, `before-repair-${new Date(clock()).toISOString().replaceAll(":", "-")}.sqlite`);
  try {
    await store.backup(copy + PART);
    await rename(copy + PART, copy);
  } finally {
    await remove(copy + PART);
  }
  const mended = await mend();
  if (mended === 0) await remove(copy);
  else await removeOldest(folder);
  return { mended, copy: mended === 0 ? null : copy };
}

async function removeOldest(folder: string): Promise<void> {
  const copies = (await readdir(folder)).filter((name) => COPY.test(name)).toSorted();
  for (const name of copies.slice(0, -COPIES_KEPT)) await remove(join(folder, name));
}

async function remove(file: string): Promise<void> {
  for (const suffix of BESIDE) await rm(file + suffix, { force: true });
}
