import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { lockDataDir } from "./lockDataDir.ts";
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
  const shared = join(dataDir, "work", "processes");
  const workDir = join(shared, processId);
  await mkdir(workDir, { recursive: true });
  const lock = lockDataDir(workDir);
  for (const other of await readdir(shared)) if (other !== processId) await removeIfLeft(join(shared, other));
  return {
    workDir,
    close: async () => {
      lock.release();
      await rm(workDir, { recursive: true, force: true });
    },
  };
}

async function removeIfLeft(folder: string): Promise<void> {
  try {
    lockDataDir(folder).release();
  } catch {
    // Its process lives, or is being started or stopped at this moment: whoever starts next will see.
    return;
  }
  await rm(folder, { recursive: true, force: true });
}
