import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { openGroupCommit, realStoreTimers } from "./openGroupCommit.ts";

function openGroup(lockPatienceMs = 5_000) {
  const folder = mkdtempSync(join(tmpdir(), "reelstate-group-"));
  const file = join(folder, "group.sqlite");
  const db = new Sqlite(file);
  db.pragma("journal_mode = WAL");
  db.pragma("busy_timeout = 10");
  db.exec("CREATE TABLE thing (name text PRIMARY KEY, body blob)");
  let commits = 0;
  const told: { readonly inside: boolean; readonly names: readonly unknown[] }[] = [];
  const afterCommit = () => {
    commits += 1;
    told.push({ inside: db.inTransaction, names: names() });
  };
  const group = openGroupCommit(db, { lockPatienceMs, afterCommit, timers: realStoreTimers });
  onTestFinished(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  const insert = db.prepare("INSERT INTO thing (name, body) VALUES (?, ?)");
  const add = (name: string, bytes = 1) => group.run(() => insert.run(name, Buffer.alloc(bytes)).changes);
  const names = () => db.prepare("SELECT name FROM thing ORDER BY name").pluck().all();
  return { file, db, group, insert, add, names, commits: () => commits, told };
}

it("[E2] listeners are told after the commit and outside of it, once, of everything that it holds", async () => {
  const { group, insert, add, told } = openGroup();
  await add("a");
  const undone = group.run(() => {
    insert.run("half", null);
    throw new Error("in the middle");
  });
  await Promise.allSettled([add("b"), undone, add("c")]);
  expect(told).toEqual([
    { inside: false, names: ["a"] },
    { inside: false, names: ["a", "b", "c"] },
  ]);
});

it("[A1] those asked for together share one commit, and one that throws undoes only itself", async () => {
  const { group, insert, add, names, commits } = openGroup();
  const half = group.run(() => {
    insert.run("half", null);
    throw new Error("in the middle");
  });
  const outcomes = await Promise.allSettled([add("a"), half, add("a"), add("b")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(names()).toEqual(["a", "b"]);
  expect(commits()).toBe(1);
});

it("[C3] a full disk rejects the whole group and leaves nothing half done", async () => {
  const { db, add, names } = openGroup();
  db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true })) + 4}`);
  const outcomes = await Promise.allSettled([add("small"), add("large", 1_000_000), add("another")]);
  const full = { status: "rejected", reason: { name: "StoreUnavailable", reason: "full" } };
  expect(outcomes).toMatchObject([full, full, full]);
  expect(names()).toEqual([]);
  expect(await add("after")).toBe(1);
});

it("[J6] a lock that another process holds is waited for without blocking the event loop", async () => {
  const { file, add, names } = openGroup();
  const other = new Sqlite(file);
  other.exec("BEGIN IMMEDIATE");
  const added = add("late");
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 5);
  await new Promise((resolve) => setTimeout(resolve, 150));
  clearInterval(turning);
  expect(names()).toEqual([]);
  expect(turns).toBeGreaterThan(2);
  other.exec("COMMIT");
  expect(await added).toBe(1);
  other.close();
});

it("[J6] a lock held past all patience is told to the caller", async () => {
  const { file, add } = openGroup(50);
  const other = new Sqlite(file);
  other.exec("BEGIN IMMEDIATE");
  await expect(add("never")).rejects.toMatchObject({ name: "StoreUnavailable", reason: "locked" });
  other.exec("ROLLBACK");
  other.close();
  expect(await add("now")).toBe(1);
});
