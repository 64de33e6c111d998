import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporaryFolder.ts";
import { repairOverCopy } from "./repairOverCopy.ts";

/** Repairs a database of a few bytes, a second after the repair before, and tells which copies are there then. */
async function open() {
  const folder = await temporaryFolder();
  const backups = join(folder.path, "backups");
  let now = Date.UTC(2026, 10, 29, 12, 0, 0);
  const repair = (mended: number, backup = (file: string) => writeFile(file, "rows")) => {
    const clock = () => (now += 1_000);
    return repairOverCopy({ store: { backup }, dataDir: folder.path, clock }, async () => mended);
  };
  const copies = async () => (await readdir(backups)).toSorted();
  return { folder, backups, repair, copies };
}

const copyOf = (second: number): string => `before-repair-2026-11-29T12-00-0${second}.000Z.sqlite`;

describe("the copies that repairs leave", () => {
  it("[K1] only those of the newest three repairs that mended something stay, with nothing beside them", async () => {
    const { folder, backups, repair, copies } = await open();
    await using _ = folder;
    await repair(1);
    // Somebody has looked into it, which leaves SQLite's own files beside it.
    await writeFile(join(backups, `${copyOf(1)}-wal`), "");
    await writeFile(join(backups, "mine.sqlite"), "a copy of somebody's own");
    await repair(2);
    await repair(3);
    await repair(4);
    expect(await copies()).toEqual([copyOf(2), copyOf(3), copyOf(4), "mine.sqlite"]);
  });

  it("[K1] a repair that mends nothing leaves no copy, and pushes out none that is worth keeping", async () => {
    const { folder, backups, repair, copies } = await open();
    await using _ = folder;
    expect(await repair(1)).toEqual({ mended: 1, copy: join(backups, copyOf(1)) });
    for (let press = 0; press < 5; press += 1) expect(await repair(0)).toEqual({ mended: 0, copy: null });
    expect(await copies()).toEqual([copyOf(1)]);
  });

  it("[K1] a copy that came to no end stops the repair, and is not left lying there as if it were one", async () => {
    const { folder, repair, copies } = await open();
    await using _ = folder;
    const torn = async (file: string) => {
      await writeFile(file, "half of the ro");
      throw new Error("The disk is full.");
    };
    await expect(repair(1, torn)).rejects.toThrow("The disk is full.");
    expect(await copies()).toEqual([]);
  });
});
