import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "@reelstate/db";

/** Copies the database into the folder of backups beside it, and gives the copy's path. */
export async function backupBefore(store: Pick<Store, "backup">, dataDir: string, now: number): Promise<string> {
  const folder = join(dataDir, "backups");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `before-repair-${new Date(now).toISOString().replaceAll(":", "-")}.sqlite`);
  await store.backup(file);
  return file;
}
