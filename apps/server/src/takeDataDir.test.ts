import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { takeDataDir } from "./takeDataDir.ts";
import { temporaryFolder } from "./testing/temporaryFolder.ts";

const databaseUrl = "postgres://studio@db/reelstate";

it("belongs to one process while the database lies in it", async () => {
  await using folder = await temporaryFolder();
  const config = { dataDir: folder.path, databaseUrl: null };
  const first = await takeDataDir(config, "first");
  await expect(takeDataDir(config, "second")).rejects.toThrow("Another studio is running on");
  await first.close();
  await (await takeDataDir(config, "second")).close();
});

it("is shared by processes on one PostgreSQL database, each with a folder of its own that ends with it", async () => {
  await using folder = await temporaryFolder();
  const config = { dataDir: folder.path, databaseUrl };
  const shared = join(folder.path, "work", "processes");
  // One that was killed: its folder is there, and nobody holds it.
  await mkdir(join(shared, "killed", "renders"), { recursive: true });
  await writeFile(join(shared, "killed", "renders", "half.mp4"), "half");
  const first = await takeDataDir(config, "first");
  const second = await takeDataDir(config, "second");
  const folders = async () =>
    (await readdir(shared, { withFileTypes: true })).flatMap((one) => (one.isDirectory() ? [one.name] : []));
  expect((await folders()).toSorted()).toEqual(["first", "second"]);
  expect([first.workDir, second.workDir]).toEqual([join(shared, "first"), join(shared, "second")]);
  await first.close();
  expect(await folders()).toEqual(["second"]);
  await second.close();
  expect(await readdir(shared)).toEqual([]);
});

it("is taken by many processes at one moment without one removing another's", async () => {
  await using folder = await temporaryFolder();
  const config = { dataDir: folder.path, databaseUrl };
  for (let round = 0; round < 20; round += 1) {
    const names = Array.from({ length: 8 }, (_, index) => `${round}-${index}`);
    const taken = await Promise.all(names.map((name) => takeDataDir(config, name)));
    const there = await Promise.all(taken.map(({ workDir }) => readdir(workDir)));
    expect(there).toEqual(taken.map(() => []));
    await Promise.all(taken.map(({ close }) => close()));
  }
});

it("is refused to a studio on PostgreSQL where one on SQLite keeps its media, which would be collected as nobody's", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "reelstate.sqlite"), "");
  await expect(takeDataDir({ dataDir: folder.path, databaseUrl }, "first")).rejects.toThrow(
    /holds a studio on SQLite, and its media\. Set DATA_DIR to another folder/,
  );
});
