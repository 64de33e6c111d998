import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Secret } from "../Secret.ts";
import { temporaryFolder } from "../testing/temporaryFolder.ts";
import { openSealing, SEALING_FILE } from "./openSealing.ts";

const owner = { provider: "fal", home: "https://queue.fal.run" };
const key = new Secret("k-0123456789");

describe("what keys are sealed with", () => {
  it("is a file that is made at first need, for its owner alone, and never again", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, SEALING_FILE);
    const sealing = openSealing({ secret: null, dataDir: folder.path });
    expect(await sealing.unseal("anything", owner)).toBeNull();
    expect(await readdir(folder.path)).toEqual([]);
    const sealed = await sealing.seal(key, owner);
    expect(await readdir(folder.path)).toEqual([SEALING_FILE]);
    const text = await readFile(file, "utf8");
    if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
    const next = openSealing({ secret: null, dataDir: folder.path });
    expect((await next.unseal(sealed, owner))?.reveal()).toBe(key.reveal());
    await next.seal(key, owner);
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it("is one and the same for processes that need it first at one moment", async () => {
    await using folder = await temporaryFolder();
    const processes = Array.from({ length: 4 }, () => openSealing({ secret: null, dataDir: folder.path }));
    const sealed = await Promise.all(processes.map(({ seal }) => seal(key, owner)));
    for (const [at, { unseal }] of processes.entries())
      expect((await unseal(sealed[(at + 1) % sealed.length] ?? "", owner))?.reveal()).toBe(key.reveal());
    expect(await readdir(folder.path)).toEqual([SEALING_FILE]);
  });

  it("is what the environment says, where it does, and the file's text says the same there", async () => {
    await using folder = await temporaryFolder();
    await using elsewhere = await temporaryFolder();
    const sealed = await openSealing({ secret: null, dataDir: folder.path }).seal(key, owner);
    const secret = new Secret((await readFile(join(folder.path, SEALING_FILE), "utf8")).trim());
    const moved = openSealing({ secret, dataDir: elsewhere.path });
    expect((await moved.unseal(sealed, owner))?.reveal()).toBe(key.reveal());
    await moved.seal(key, owner);
    expect(await readdir(elsewhere.path)).toEqual([]);
    const other = openSealing({ secret: new Secret("another one entirely"), dataDir: folder.path });
    expect(await other.unseal(sealed, owner)).toBeNull();
  });

  it("is not made anew in place of a file that cannot be read as one", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, SEALING_FILE), "\n");
    await expect(openSealing({ secret: null, dataDir: folder.path }).seal(key, owner)).rejects.toThrow(SEALING_FILE);
    expect(await readFile(join(folder.path, SEALING_FILE), "utf8")).toBe("\n");
  });
});
