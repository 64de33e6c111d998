import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { parseConfig } from "./config.ts";
import { explainStart } from "./explainStart.ts";
import { lockDataDir } from "./lockDataDir.ts";
import { startStudio } from "./startStudio.ts";
import { asDiskError } from "./storage/asDiskError.ts";
import { temporaryFolder } from "./testing/temporaryFolder.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const silent = pino({ level: "silent" });

/** Starts a studio that cannot start, and gives the words that its operator reads. */
async function words(env: Readonly<Record<string, string>>): Promise<string> {
  let studio;
  try {
    studio = await startStudio(parseConfig({ PORT: "0", DRAIN_MS: "0", ...env }), silent);
  } catch (error) {
    return explainStart(error);
  }
  await studio.stop();
  throw new Error("It started.");
}

/** In words, that is without a line of a stack. */
const inWords = (said: string): boolean => !/^\s+at /m.test(said);

describe("why the studio did not start", () => {
  it("another program uses the port: which one, and what to set", async () => {
    await using folder = await temporaryFolder();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const said = await words({ DATA_DIR: folder.path, PORT: port });
    await new Promise((resolve) => other.close(resolve));
    expect(said).toContain(port);
    expect(said).toMatch(/Another program uses this port; set PORT to a free one\.$/);
    expect(inWords(said)).toBe(true);
  });

  it("another studio runs on the folder", async () => {
    await using folder = await temporaryFolder();
    const lock = lockDataDir(folder.path);
    const said = await words({ DATA_DIR: folder.path });
    lock.release();
    expect(said).toBe(`Another studio is running on ${folder.path}. Stop it first, or set DATA_DIR to another folder.`);
  });

  it("the folder is a file, or lies in one", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "notes.txt");
    await writeFile(file, "not a folder");
    for (const dataDir of [file, join(file, "deeper")]) {
      const said = await words({ DATA_DIR: dataDir });
      expect(said).toContain(file);
      expect(said).toMatch(/DATA_DIR names something that is not a folder\. Set it to a folder\.$/);
      expect(inWords(said)).toBe(true);
    }
  });

  it("the studio may not write to its folder", async () => {
    await using folder = await temporaryFolder();
    // What lies in the way of its first file refuses a write to everybody, the administrator included.
    await mkdir(join(folder.path, "lock.sqlite"));
    const said = await words({ DATA_DIR: folder.path });
    expect(said).toMatch(/may not write to its folder\. Give it the right to, or set DATA_DIR/);
    const denied = Object.assign(new Error("EACCES: permission denied, mkdir '/srv/studio'"), { code: "EACCES" });
    expect(explainStart(denied)).toMatch(/^EACCES: permission denied, mkdir '\/srv\/studio'\nThe studio may not write/);
    expect(inWords(said) && inWords(explainStart(denied))).toBe(true);
  });

  it("the folder of media cannot be used, which was told as a bug: what refused it", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "media", "owner"), { recursive: true });
    const said = await words({ DATA_DIR: folder.path });
    expect(said).toMatch(/^The studio's media folder refused .*EISDIR/);
    const cause = Object.assign(new Error("EACCES: permission denied, rename"), { code: "EACCES" });
    const denied = explainStart(asDiskError(cause));
    expect(denied).toMatch(
      /EACCES: permission denied, rename\nThe studio may not write to its folder\. Give it the right to/,
    );
    expect(inWords(said) && inWords(denied)).toBe(true);
  });

  it("the database is of a newer studio, or no database at all", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "reelstate.sqlite");
    const db = new Sqlite(file);
    db.pragma("user_version = 9999");
    db.close();
    const newer = await words({ DATA_DIR: folder.path });
    expect(newer).toContain(file);
    expect(newer).toMatch(/newer Reelstate.*Start that version again, or point DATA_DIR at another folder/s);
    await writeFile(file, "This is not a database, it only lies where one should.".repeat(40));
    const junk = await words({ DATA_DIR: folder.path });
    expect(junk).toMatch(/The database in DATA_DIR cannot be read\. Put back a copy of it/);
    expect(inWords(newer) && inWords(junk)).toBe(true);
  });

  it("the database lacks a table: which, and where more is told", async () => {
    await using folder = await temporaryFolder();
    await (await startStudio(parseConfig({ DATA_DIR: folder.path, PORT: "0", DRAIN_MS: "0" }), silent)).stop();
    const db = new Sqlite(join(folder.path, "reelstate.sqlite"));
    db.exec("DROP TABLE slot");
    db.close();
    const said = await words({ DATA_DIR: folder.path });
    expect(said).toMatch(/no such table.*slot.*`npx pnpm studio doctor` says all that is wrong/);
    expect(inWords(said)).toBe(true);
  });

  it("the disk is full", () => {
    const full = Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
    expect(explainStart(full)).toBe(
      "database or disk is full\nThe disk of DATA_DIR is full. Make room, then start again.",
    );
  });

  it("a bug keeps its stack, and whatever was thrown is said", () => {
    expect(inWords(explainStart(new TypeError("x is not a function")))).toBe(false);
    expect(explainStart("just words")).toBe("just words");
  });

  it(
    "values that cannot be used are each named, by the program itself, which then ends with 1",
    { timeout: 60_000 },
    async () => {
      const env = { PATH: process.env["PATH"] ?? "", PORT: "eighty", LEASE_MS: "1", LOG_LEVEL: "loud" };
      const child = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
      const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
      const [out, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      expect(out).toBe("");
      expect(said.trim().split("\n").toSorted()).toEqual([
        "LEASE_MS must be a whole number from 1000 to 3600000",
        "LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent",
        "PORT must be a whole number from 0 to 65535",
      ]);
      expect(code).toBe(1);
    },
  );
});
