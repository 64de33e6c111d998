import { openPostgresStore } from "@reelstate/db/postgres";
import { openTestDatabase } from "@reelstate/db/testing";
import { Client } from "pg";
import { expect, it } from "vitest";
import { openOurs, workspaceIds } from "../engines/ours.ts";
import { MODEL, openBenchStore } from "../openBenchStore.ts";
import { fillPostgres } from "./fillPostgres.ts";
import { fillSqlite } from "./fillSqlite.ts";
import type { Store } from "@reelstate/db";
import type { OpenedEngine } from "../engines/Engine.ts";

/** Life cycles on what was filled. */
const NEW = 40;
const HOW_MANY = { from: 0, count: 40, workspaces: 2, model: MODEL };

/** What the store finds wrong afterwards, and how many assets of what status there are. */
async function fillTwice(store: Store, fill: (finished: typeof HOW_MANY) => Promise<void>) {
  await using engine = await openOurs(store, { atOnce: 4, workspaces: 2, dispose: async () => {} });
  await fill(HOW_MANY);
  // The tables go on from there: an event has the next number, its feed has no gap.
  await engine.work(() => {});
  await engine.enqueue(0);
  await allDone(engine);
  await fill({ ...HOW_MANY, from: 40 });
  await engine.enqueue(1);
  await allDone(engine);
  const pages = await Promise.all(workspaceIds(2).map((workspaceId) => store.listAssets({ workspaceId, limit: 100 })));
  return {
    wrong: await store.checkInvariants(),
    // As long as the studio's own, or rows and indexes would weigh less than they do.
    ids: [...new Set(pages.flatMap(({ items }) => items.map(({ id }) => id.length)))],
    statuses: pages.map(({ items }) => `${items.length} ${[...new Set(items.map(({ status }) => status))].join(", ")}`),
  };
}

const AS_THE_STORE_WOULD = { wrong: [], ids: [36], statuses: ["41 completed", "41 completed"] };

async function allDone(engine: OpenedEngine): Promise<void> {
  await expect.poll(() => engine.unfinished(), { timeout: 20_000, interval: 5 }).toBe(0);
}

it("finished jobs that SQLite is filled with in bulk are such as the store would have left, guards and all", async () => {
  await using bench = await openBenchStore();
  const filled = await fillTwice(bench.store, async (finished) => fillSqlite(bench.file, finished));
  expect(filled).toEqual(AS_THE_STORE_WOULD);
});

it("new rows find no room on the pages that PostgreSQL was filled with: each went to another one, as in no studio that has lived", async () => {
  await using database = await openTestDatabase();
  const { url } = database;
  const store = await openPostgresStore({ url, connections: 4, mediaUrl: (key) => key, alone: true });
  await using engine = await openOurs(store, { atOnce: 4, workspaces: 2, dispose: () => store.close() });
  await fillPostgres(url, { ...HOW_MANY, count: 2_000 });
  await engine.work(() => {});
  for (let number = 0; number < NEW; number += 1) await engine.enqueue(number);
  await allDone(engine);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const table of ["asset", "version", "job", "event", "credit_entry"]) {
      const id = ["event", "credit_entry"].includes(table) ? "asset_id" : "id";
      const page = "(ctid::text::point)[0]";
      const { rows } = await client.query<{ pages: string }>(
        `SELECT count(DISTINCT ${page}) AS pages FROM ${table}
         WHERE ${id} > 'a' AND ${page} IN (SELECT ${page} FROM ${table} WHERE ${id} < 'a')`,
      );
      // Only the last of them was not full.
      expect(Number(rows[0]?.pages), table).toBeLessThan(4);
    }
  } finally {
    await client.end();
  }
});

it("finished jobs that PostgreSQL is filled with in bulk are such as the store would have left", async () => {
  await using database = await openTestDatabase();
  const { url } = database;
  const store = await openPostgresStore({ url, connections: 4, mediaUrl: (key) => key, alone: true });
  try {
    const filled = await fillTwice(store, (finished) => fillPostgres(url, finished));
    expect(filled).toEqual(AS_THE_STORE_WOULD);
  } finally {
    await store.close();
  }
});
