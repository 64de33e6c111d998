import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { storageContract } from "../testing/storageContract.ts";
import { temporaryFolder } from "../testing/temporaryFolder.ts";
import { openFolderStorage } from "./openFolderStorage.ts";

storageContract(async () => {
  const folder = await temporaryFolder();
  return {
    storage: await openFolderStorage(folder.path),
    leftovers: async () => (await readdir(join(folder.path, "tmp"))).length,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});

const PUT_A_MEGABYTE = `
  import { readdirSync } from "node:fs";
  import { Readable } from "node:stream";
  import { openFolderStorage } from ${JSON.stringify(new URL("./openFolderStorage.ts", import.meta.url).href)};
  const folder = process.env.FOLDER;
  const storage = await openFolderStorage(folder);
  const chunks = Array.from({ length: 16 }, () => Buffer.alloc(65_536, 1));
  const said = await storage.put(Readable.from(chunks), { ext: "png", maxBytes: 2_000_000 }).catch((error) => error);
  const left = readdirSync(folder + "/tmp");
  process.stdout.write(JSON.stringify({ name: said.name, reason: said.reason, message: said.message, left }));
`;

describe("a storage in a folder", () => {
  it("says that there is no space when the system refuses to write more, and leaves nothing behind", async () => {
    await using folder = await temporaryFolder();
    // The system's own limit on a file's size, in blocks: a write beyond it fails as it does on a full disk.
    const run = promisify(execFile);
    const { stdout } = await run(
      "/bin/sh",
      ["-c", 'ulimit -f 512; exec "$0" --input-type=module -e "$1"', process.execPath, PUT_A_MEGABYTE],
      {
        env: { ...process.env, FOLDER: folder.path },
      },
    );
    expect(JSON.parse(stdout)).toEqual({
      name: "StorageError",
      reason: "full",
      message: "There is no space left where the studio keeps its media.",
      left: [],
    });
  });

  it("says that its folder refused when something lies in the way, and leaves nothing behind", async () => {
    await using folder = await temporaryFolder();
    const storage = await openFolderStorage(folder.path);
    const bytes = Buffer.from("a picture");
    const shard = createHash("sha256").update(bytes).digest("hex").slice(0, 2);
    await writeFile(join(folder.path, shard), "in the way");
    await expect(storage.put(Readable.from([bytes]), { ext: "png", maxBytes: 10 })).rejects.toMatchObject({
      name: "StorageError",
      reason: "broken",
    });
    expect(await readdir(join(folder.path, "tmp"))).toEqual([]);
  });

  it("removes leftovers while it runs too, and says of none that went meanwhile that it failed", async () => {
    await using folder = await temporaryFolder();
    const storage = await openFolderStorage(folder.path);
    for (const name of ["old", "young"]) await writeFile(join(folder.path, "tmp", name), "half");
    const yesterday = Date.now() / 1000 - 25 * 3_600;
    await utimes(join(folder.path, "tmp", "old"), yesterday, yesterday);
    const since = Date.now() - 24 * 3_600_000;
    const removed = await Promise.all([storage.removeLeftovers(since), storage.removeLeftovers(since)]);
    expect(Math.max(...removed)).toBe(1);
    expect(await readdir(join(folder.path, "tmp"))).toEqual(["young"]);
  });

  it("removes what a crash left half written a day ago, and nothing younger", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "tmp"));
    for (const name of ["old", "young"]) await writeFile(join(folder.path, "tmp", name), "half");
    const yesterday = Date.now() / 1000 - 25 * 3_600;
    await utimes(join(folder.path, "tmp", "old"), yesterday, yesterday);
    await openFolderStorage(folder.path);
    expect(await readdir(join(folder.path, "tmp"))).toEqual(["young"]);
  });
});
