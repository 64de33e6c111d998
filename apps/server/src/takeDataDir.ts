import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DataDirInUse, lockDataDir } from "./lockDataDir.ts";
import { lockFile } from "./lockFile.ts";
import type { Config } from "./config.ts";

/** This process's part in DATA_DIR. */
export interface TakenDataDir {
  /** A folder of this process alone, for what is in the making. */
  readonly workDir: string;
  readonly close: () => Promise<void>;
}

/**
 * With its database in it, the folder belongs to one process. Processes that share a PostgreSQL database may share one on the
 * same machine too, each with a folder of its own inside; what others left there that are no more, however they ended, is removed.
 */
export async function takeDataDir(
  { dataDir, databaseUrl }: Pick<Config, "dataDir" | "databaseUrl">,
  processId: string,
): Promise<TakenDataDir> {
  await mkdir(dataDir, { recursive: true });
  if (databaseUrl === null) {
    const lock = lockDataDir(dataDir);
    return { workDir: join(dataDir, "work"), close: async () => lock.release() };
  }
  refuseOtherStudio(dataDir);
  const shared = join(dataDir, "work", "processes");
  await mkdir(shared, { recursive: true });
  const workDir = join(shared, processId);
  // Held before the folder is there: a folder whose lock is free has lost its process.
  const lock = lockFile(lockOf(workDir));
  if (lock === null) throw new Error(`Two processes are named ${processId}.`);
  await mkdir(workDir);
  for (const other of await readdir(shared, { withFileTypes: true }))
    if (other.isDirectory() && other.name !== processId) await removeIfLeft(join(shared, other.name));
  return {
    workDir,
    close: async () => {
      await remove(workDir);
      lock.release();
    },
  };
}

/** Its media lies here too, and to a database that knows nothing of it all of that is rubbish to be collected. */
function refuseOtherStudio(dataDir: string): void {
  if (!existsSync(join(dataDir, "reelstate.sqlite"))) return;
  throw new DataDirInUse(
    `${dataDir} holds a studio on SQLite, and its media. Set DATA_DIR to another folder for the one on DATABASE_URL; ` +
      "or, if it was moved there (studio migrate), set its reelstate.sqlite aside, into another folder.",
  );
}

const lockOf = (workDir: string): string => `${workDir}.lock`;

async function removeIfLeft(workDir: string): Promise<void> {
  const lock = lockFile(lockOf(workDir));
  if (lock === null) return;
  await remove(workDir);
  lock.release();
}

async function remove(workDir: string): Promise<void> {
  await rm(workDir, { recursive: true, force: true });
  await rm(lockOf(workDir), { force: true });
}
