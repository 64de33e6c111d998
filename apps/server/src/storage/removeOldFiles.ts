import { opendir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Removes the files of a folder that nobody has written to since then (epoch ms), and gives their number. */
export async function removeOldFiles(folder: string, since: number): Promise<number> {
  let removed = 0;
  for await (const file of await opendir(folder)) {
    const path = join(folder, file.name);
    const found = await stat(path).catch(() => null);
    if (found === null || found.mtimeMs > since) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}
