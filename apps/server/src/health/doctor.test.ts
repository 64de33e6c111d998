import { createHash } from "node:crypto";
import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { lockDataDir } from "../lockDataDir.ts";
import { openTestBucket, useS3Server } from "../testing/openTestBucket.ts";
import { openTestStudio, WORKSPACE } from "../testing/openTestStudio.ts";
import { doctor } from "./doctor.ts";
import type { TestStudio } from "../testing/openTestStudio.ts";

/** A completed picture, and where its file lies. */
async function made(studio: TestStudio) {
  studio.startWorker();
  const asset = await studio.ended((await studio.create()).id);
  const key = asset.currentVersion.media?.url.replace("/media/", "") ?? "";
  return { asset, key, path: join(studio.folder, "media", key.slice(0, 2), key) };
}

/** What the operators' command says of the folder. */
async function ask({ folder }: TestStudio, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const said: string[] = [];
  const progress: string[] = [];
  const terminal = { say: (line: string) => said.push(line), progress: (line: string) => progress.push(line) };
  const code = await doctor(args, { DATA_DIR: folder, ...env }, terminal);
  return { code, said: said.join("\n"), progress };
}

/** The state after the check or repair that was just begun has ended. */
async function settled(studio: TestStudio) {
  const watching = await studio.api.health.watch();
  for await (const state of watching) if (state.status === "idle") return state;
  throw new Error("Nobody told how it ended.");
}

function byHand({ folder }: TestStudio, sql: string): void {
  const db = new Sqlite(join(folder, "reelstate.sqlite"));
  const guards = db
    .prepare("SELECT name, tbl_name AS tableName, sql FROM sqlite_master WHERE type = 'trigger'")
    .all() as {
    readonly name: string;
    readonly tableName: string;
    readonly sql: string;
  }[];
  for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  const isThere = db.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").pluck();
  for (const guard of guards) if (isThere.get(guard.tableName) === 1) db.exec(guard.sql);
  db.close();
}

/** Every file of the folder with the hash of its bytes; SQLite's own index of its log is no one's content. */
async function contents(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  const hashed = files
    .filter(({ name }) => !name.endsWith("-shm"))
    .map(async ({ parentPath, name }) => {
      const bytes = await readFile(join(parentPath, name));
      return `${join(parentPath, name)} ${createHash("sha256").update(bytes).digest("hex")}`;
    });
  return (await Promise.all(hashed)).toSorted();
}

describe("the doctor at the command line", () => {
  it("[K1] finds nothing in a studio that is well, running or stopped, and writes nothing", async () => {
    await using studio = await openTestStudio();
    await made(studio);
    const before = await contents(studio.folder);
    expect(await ask(studio)).toMatchObject({
      code: 0,
      said: "Everything holds.",
      progress: ["files 0 of 1", "files 1 of 1"],
    });
    expect(await contents(studio.folder)).toEqual(before);
    await studio.close();
    expect(await ask(studio, ["--deep"], { LANG: "zh_CN.UTF-8" })).toMatchObject({ code: 0, said: "一切正常。" });
  });

  it("says where it looked when there is no studio", async () => {
    await using studio = await openTestStudio();
    const { code, said } = await ask(studio, [], { DATA_DIR: join(studio.folder, "elsewhere") });
    expect([code, said]).toEqual([1, expect.stringContaining("Set DATA_DIR")]);
  });

  it("[K1] [A5] finds files that are gone, cut short or changed, in words, and invents none of them", async () => {
    await using studio = await openTestStudio();
    const { path, key } = await made(studio);
    const bytes = await readFile(path);
    await rm(path);
    const gone = await ask(studio, ["--deep"]);
    expect(gone.code).toBe(2);
    expect(gone.said).toContain(`[A5] ${key}: A file is gone.`);
    expect((await ask(studio, [], { LANG: "zh_CN.UTF-8" })).said).toContain("一个文件不见了");
    await writeFile(path, bytes);
    await truncate(path, 10);
    expect((await ask(studio)).said).toContain(`[A5] ${key}: A file does not have its size.`);
    const other = Buffer.from(bytes);
    other.writeUInt8(other.readUInt8(40) ^ 1, 40);
    await writeFile(path, other);
    expect((await ask(studio)).code).toBe(0);
    expect((await ask(studio, ["--deep"])).said).toContain(`[A5] ${key}: A file's bytes are not those that were kept.`);
  });

  it("[K1] repairs a studio that is stopped, after a backup, and not one that is running", async () => {
    await using studio = await openTestStudio();
    const { asset } = await made(studio);
    byHand(studio, "UPDATE asset SET status = 'cancelled'; UPDATE workspace SET balance = balance + 5");
    const found = await ask(studio);
    expect(found.code).toBe(2);
    expect(found.said).toContain(`[A2] ${asset.id}: A card and the version it shows say different things.`);
    expect(found.said).toContain(`[C3] ${WORKSPACE}: The balance is not what the ledger sums to.`);
    const lock = lockDataDir(studio.folder);
    const before = await contents(studio.folder);
    await expect(ask(studio, ["--repair"])).rejects.toThrow(/Another studio is running/);
    expect(await contents(studio.folder)).toEqual(before);
    lock.release();
    await studio.close();
    const repaired = await ask(studio, ["--repair"]);
    expect(repaired).toMatchObject({ code: 0, said: expect.stringContaining("2 mended.") });
    const [backup] = await readdir(join(studio.folder, "backups"));
    const copy = new Sqlite(join(studio.folder, "backups", backup ?? ""), { readonly: true });
    expect(copy.prepare("SELECT status FROM asset").pluck().all()).toEqual(["cancelled"]);
    copy.close();
    expect((await ask(studio, ["--repair"])).said).toContain("0 mended.");
  });

  it("[K1] finds an index that is gone, which the studio's own questions name, and makes it again after a backup", async () => {
    await using studio = await openTestStudio();
    await made(studio);
    await studio.close();
    byHand(studio, "DROP INDEX job_queued; DROP INDEX slot_free");
    const found = await ask(studio);
    expect(found).toMatchObject({ code: 2, progress: ["files 0 of 1", "files 1 of 1"] });
    expect(found.said).toMatch(/\[J8\] job_queued: .*\[J8\] slot_free: /s);
    expect(await ask(studio, ["--repair"])).toMatchObject({ code: 0, said: expect.stringContaining("2 mended.") });
    const [backup] = await readdir(join(studio.folder, "backups"));
    const copy = new Sqlite(join(studio.folder, "backups", backup ?? ""), { readonly: true });
    expect(copy.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'job_queued'").pluck().get()).toBe(0);
    copy.close();
  });

  it("[K1] tells a table that is gone, and that only a copy brings it back", async () => {
    await using studio = await openTestStudio();
    await made(studio);
    await studio.close();
    byHand(studio, "PRAGMA foreign_keys = OFF; DROP TABLE version");
    const found = await ask(studio);
    expect(found.code).toBe(2);
    expect(found.said).toMatch(/no such table: .*version.*only with a copy of the file.*\[J8\] version: /s);
    await expect(ask(studio, ["--repair"])).rejects.toThrow(/only with a copy of the file/);
  });
});

describe("the health of a running studio", () => {
  const server = useS3Server();

  it("[K1] [A5] is that of the files in its bucket, too", async () => {
    await using bucket = await openTestBucket(server());
    await using studio = await openTestStudio({ wrapStorage: () => bucket.storage });
    const { key } = await made(studio);
    await bucket.storage.put(Readable.from([Buffer.from("nobody's")]), { ext: "png", maxBytes: 100 });
    await studio.api.health.check({ deep: true });
    expect(await settled(studio)).toMatchObject({ found: 0, failed: false, unused: { files: 1, bytes: 8 } });
    const path = server().pathOf(`${bucket.prefix}${key}`);
    const bytes = await readFile(path);
    await writeFile(path, Buffer.alloc(bytes.length));
    await studio.api.health.check({ deep: true });
    expect(await settled(studio)).toMatchObject({ found: 1, findings: [{ check: "file_changed", subject: key }] });
    await rm(path);
    await studio.api.health.check({});
    expect(await settled(studio)).toMatchObject({ found: 1, findings: [{ check: "file_missing", subject: key }] });
  });

  it("[K1] is not known before somebody has looked, then is, with the files that nothing refers to", async () => {
    await using studio = await openTestStudio();
    await made(studio);
    await studio.storage.put(Readable.from([Buffer.from("nobody's")]), { ext: "png", maxBytes: 100 });
    expect(await settled(studio)).toMatchObject({ status: "idle", checkedAt: null });
    expect(await studio.api.health.check({})).toEqual({ began: true });
    expect(await studio.api.health.check({})).toEqual({ began: false });
    expect(await settled(studio)).toMatchObject({
      findings: [],
      found: 0,
      unused: { files: 1, bytes: 8 },
      failed: false,
      deep: false,
      checkedAt: expect.any(Number),
    });
  });

  it("[K1] [A9] is repaired while pages are open, which hear of it", async () => {
    let copied = 0;
    await using studio = await openTestStudio({
      wrapStore: (store) => ({
        ...store,
        backup: (file) => {
          copied += 1;
          return store.backup(file);
        },
      }),
    });
    const { asset } = await made(studio);
    byHand(studio, "UPDATE asset SET status = 'cancelled'");
    await studio.api.health.check({ deep: true });
    expect(await settled(studio)).toMatchObject({
      deep: true,
      found: 1,
      findings: [{ check: "asset_and_version_differ", subject: asset.id, assetId: asset.id, mendable: true }],
    });
    const { seq, feedId } = await studio.store.feedHead({ workspaceId: WORKSPACE });
    const closing = new AbortController();
    const live = studio.ports.feed.live({ workspaceId: WORKSPACE }, { after: seq, feedId }, closing.signal);
    await studio.api.health.repair({});
    const heard = [];
    for await (const item of live) {
      heard.push(item);
      if (item.kind === "transition") closing.abort();
    }
    expect(heard.at(-1)).toMatchObject({
      kind: "transition",
      event: "mend",
      asset: { id: asset.id, status: "completed" },
    });
    const after = await settled(studio);
    expect(after).toMatchObject({ found: 0, repair: { mended: 1, backup: expect.stringContaining("before-repair-") } });
    expect(await readdir(join(studio.folder, "backups"))).toEqual([after.repair?.backup]);
    await studio.api.health.repair({});
    expect(await settled(studio)).toMatchObject({ found: 0, repair: { mended: 0, backup: null } });
    // Another copy would be the database as it is, and as large.
    expect(copied).toBe(1);
    expect(await readdir(join(studio.folder, "backups"))).toEqual([after.repair?.backup]);
  });

  it("says that it could not look when it could not, and looks again when asked", async () => {
    let broken = true;
    await using studio = await openTestStudio({
      wrapStore: (store) => ({
        ...store,
        countMedia: () => (broken ? Promise.reject(new Error("the disk is gone")) : store.countMedia()),
      }),
    });
    await studio.api.health.check({});
    expect(await settled(studio)).toMatchObject({ failed: true, checkedAt: null });
    broken = false;
    await studio.api.health.check({});
    expect(await settled(studio)).toMatchObject({ failed: false, checkedAt: expect.any(Number) });
  });
});
