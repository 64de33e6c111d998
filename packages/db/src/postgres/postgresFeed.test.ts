import { Client } from "pg";
import { expect, it } from "vitest";
import { StoreUnavailable } from "../StoreUnavailable.ts";
import { openStudio } from "../testing/openStudio.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { openTestDatabase } from "../testing/postgres/openTestDatabase.ts";
import { openPostgresStore } from "./openPostgresStore.ts";
import { postgresConnection } from "./openPostgresPool.ts";

async function byHand(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(postgresConnection({ url }));
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

it("[E3] all processes of a database speak of one feed, whenever they started", async () => {
  const postgres = await openPostgresForTest();
  await using studio = await openStudio(async () => postgres);
  const { workspaceId } = studio;
  const others = await Promise.all(Array.from({ length: 5 }, () => postgres.openAgain()));
  await studio.create();
  const heads = await Promise.all([studio.store, ...others].map((store) => store.feedHead({ workspaceId })));
  expect(new Set(heads.map(({ feedId }) => feedId)).size).toBe(1);
  expect(heads.map(({ seq }) => seq)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(await byHand(postgres.url, "SELECT number FROM feed_boot")).toEqual([{ number: 1 }]);
});

it("[E3] a copy of the database is another feed: what was counted in the first one is told apart where they part", async () => {
  await using first = await openPostgresForTest({}, openTestDatabase);
  const studio = await openStudio(async () => first);
  const { workspaceId } = studio;
  await studio.create();
  const { feedId } = await studio.store.feedHead({ workspaceId });
  await first.store.close();
  const name = new URL(first.url).pathname.slice(1);
  await byHand(first.url.replace(`/${name}`, "/postgres"), `CREATE DATABASE ${name}_copy TEMPLATE ${name}`);
  const copy = await openPostgresStore({ url: first.url.replace(`/${name}`, `/${name}_copy`), mediaUrl: (key) => key });
  const head = await copy.feedHead({ workspaceId });
  expect(head.seq).toBe(1);
  expect(head.feedId).not.toBe(feedId);
  // Up to where they parted both are one way; what lies behind it was counted on another.
  expect(await copy.readFeed({ workspaceId, after: 1, feedId, limit: 9 })).toMatchObject({ resumable: true });
  const [asset] = (await copy.listAssets({ workspaceId, limit: 1 })).items;
  if (asset === undefined) throw new Error("The copy is empty.");
  await copy.cancel({ workspaceId, assetId: asset.id });
  expect(await copy.readFeed({ workspaceId, after: 2, feedId, limit: 9 })).toMatchObject({ resumable: false });
  expect(await copy.readFeed({ workspaceId, after: 2, feedId: head.feedId, limit: 9 })).toMatchObject({
    resumable: true,
  });
  await copy.close();
  await byHand(first.url.replace(`/${name}`, "/postgres"), `DROP DATABASE ${name}_copy`);
});

it("[E3] a list and a feed page show rows and position of one moment, while other processes write", async () => {
  const postgres = await openPostgresForTest();
  await using studio = await openStudio(async () => postgres);
  const { store, workspaceId } = studio;
  const other = await postgres.openAgain();
  const made = [];
  for (let n = 0; n < 6; n += 1) made.push(await studio.create());
  const others = { writing: true };
  const writes = (async () => {
    for (const { assetId } of made) await other.cancel({ workspaceId, assetId });
    others.writing = false;
  })();
  let looked = 0;
  while (others.writing) {
    const { items, seq } = await store.listAssets({ workspaceId, limit: 10 });
    // Six were created, and each event since has cancelled one.
    expect(items.filter(({ status }) => status === "cancelled")).toHaveLength(seq - 6);
    const page = await store.readFeed({ workspaceId, after: 6, feedId: null, limit: 20 });
    expect(page.items).toHaveLength(page.seq - 6);
    expect(page.credits.held).toBe(6 * (12 - page.seq));
    looked += 1;
  }
  await writes;
  expect(looked).toBeGreaterThan(0);
});

it("[E2] what one process writes wakes another's listeners", async () => {
  const postgres = await openPostgresForTest({ alone: false });
  await using studio = await openStudio(async () => postgres);
  const other = await postgres.openAgain();
  const woken = new Promise<void>((resolve) => other.onWake(({ feed }) => feed && resolve()));
  await studio.create();
  await woken;
  expect(await other.feedHead({ workspaceId: studio.workspaceId })).toMatchObject({ seq: 1 });
});

it("[K1] a server that cannot be reached is told in words of its own", async () => {
  const url = "postgres://nobody@localhost/none?host=/dev/shm/no-such-server";
  const opening = openPostgresStore({ url, mediaUrl: (key) => key });
  await expect(opening).rejects.toThrow(StoreUnavailable);
  await expect(opening).rejects.toMatchObject({ reason: "unreachable" });
});
