import { credits, durationMs } from "@reelstate/lifecycle";
import Sqlite from "better-sqlite3";
import fc from "fast-check";
import { Client } from "pg";
import { expect, it } from "vitest";
import { inspectPostgres } from "../postgres/keeping/inspectPostgres.ts";
import { openPostgresStore } from "../postgres/openPostgresStore.ts";
import { postgresConnection } from "../postgres/openPostgresPool.ts";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { openStudio } from "../testing/openStudio.ts";
import { openCutter } from "../testing/postgres/openCutter.ts";
import { openTestDatabase } from "../testing/postgres/openTestDatabase.ts";
import { anyLife, randomLife } from "../testing/randomLife.ts";
import { ROWS_AT_ONCE } from "./copyRows.ts";
import { COPIED_TABLES } from "./copiedTables.ts";
import { openMove } from "./openMove.ts";
import type { Studio } from "../testing/openStudio.ts";
import type { Compared } from "./openMove.ts";

const PLACE = "the folder media";
const DAY = durationMs(86_400_000);

/** A studio that has lived: a value in every column of every table, an attempt under way, a call at its provider, a job that waits. */
async function openLived(seed: number) {
  const opened = await openSqliteForTest();
  const studio = await openStudio(async () => opened);
  const { store } = studio;
  await store.setLimits([
    { provider: "sim", slots: 30 },
    { model: "sim/video", slots: 2 },
  ]);
  const play = randomLife(studio, async () => {});
  const [life = []] = fc
    .sample(anyLife(120), { seed, numRuns: 20 })
    .toSorted((one, other) => other.length - one.length);
  // What the life prunes would take what is wanted below with it, so that comes after it.
  for (const happening of life) if (happening.kind !== "crash") await play(happening);
  studio.advanceClock(DAY);
  // Whatever waits is begun, so that what is claimed next is what is made next.
  await studio.claim(100);
  const failed = await studio.start();
  await studio.openAtProvider(failed);
  await studio.fail(failed, { retryable: false, recoverable: true, detail: "what the provider said" });
  await studio.remove((await studio.made()).assetId);
  await studio.complete(await studio.start({ type: "video" }), { durationMs: durationMs(5_000) });
  const never = durationMs(1_000 * DAY);
  studio.advanceClock(DAY);
  await store.prune({
    eventsOlderThanMs: durationMs(1_000),
    jobsOlderThanMs: never,
    keysOlderThanMs: never,
    binOlderThanMs: never,
    limit: 1_000,
  });
  const ended = await studio.start();
  await studio.openAtProvider(ended);
  await studio.fail(ended, { ends: "failed", cost: { usdMicros: 39_120, basis: "tokens" } });
  const unwanted = await studio.start();
  await studio.openAtProvider(unwanted);
  await studio.cancel(unwanted.assetId);
  await store.setBudget({ workspaceId: studio.workspaceId, day: credits(900), month: credits(9_000) });
  await createdWithKey(studio, "kept");
  const input = await studio.start({ name: "中文 “quotes” \\ and \t tabs" });
  await studio.openAtProvider(input);
  await store.progress({ jobId: input.jobId, attempt: input.attempt, phase: "at_provider", fraction: 0.1 + 0.2 });
  await studio.create({ inputs: [input.assetId] });
  await store.saveProviderSetting({
    name: "fal",
    change: {
      enabled: false,
      sealedKey: "sealed",
      keyHome: "https://gateway.example",
      home: "https://gateway.example",
      atOnce: 3,
      modelOrder: ["fal/a"],
      modelsOff: ["fal/b"],
    },
  });
  await store.orderProviders({ names: ["fal", "google"] });
  // Started once more, as most studios were.
  const again = opened.openAgain();
  const { feedId } = await again.feedHead(studio);
  await again.close();
  return {
    studio,
    opened,
    file: opened.file,
    underWay: input,
    feedIds: [(await store.feedHead(studio)).feedId, feedId],
  };
}

async function createdWithKey({ store, workspaceId, newAsset }: Studio, key: string) {
  return store.createAssets({
    workspaceId,
    projectId: null,
    idempotency: { key, bodyHash: "body" },
    assets: [newAsset()],
  });
}

/** All steps of a move, as the command takes them. */
async function moveAll(file: string, url: string, storage = PLACE) {
  const move = await openMove({ file, url, storage });
  try {
    const { state, isNewPlace } = move;
    if (state === "done") return { state, copied: 0 };
    const { after } = await move.begin();
    const copied = await move.copyRows(() => {});
    await move.noteMedia({ after, files: 3, bytes: 4_000 });
    const compared: Compared = await move.compare(() => {});
    await move.finish();
    return { state, isNewPlace, copied, compared };
  } finally {
    await move.close();
  }
}

async function openClient(url: string) {
  const client = new Client(postgresConnection({ url }));
  await client.connect();
  return {
    ask: async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows,
    [Symbol.asyncDispose]: () => client.end(),
  };
}

function onFile<T>(file: string, ask: (db: InstanceType<typeof Sqlite>) => T): T {
  const db = new Sqlite(file);
  try {
    return ask(db);
  } finally {
    db.close();
  }
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Everything that lies in the file, by the file's own list of tables: also what nobody thought of. */
function allOfSqlite(file: string): Readonly<Record<string, Rows>> {
  return onFile(file, (db) => {
    const tables = db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck();
    return Object.fromEntries(
      (tables.all() as string[]).map((name) => [name, inOrder(db.prepare(`SELECT * FROM ${name}`).all() as Rows)]),
    );
  });
}

async function allOfPostgres(url: string): Promise<Readonly<Record<string, Rows>>> {
  await using client = await openClient(url);
  const tables = await client.ask(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT IN ('schema_version', 'moving_in')",
  );
  const rows = tables.map(
    async ({ name }) => [String(name), inOrder(await client.ask(`SELECT * FROM ${String(name)}`))] as const,
  );
  return Object.fromEntries(await Promise.all(rows));
}

/** Tables without a row, and columns without a value: nobody could tell whether they come along. */
function neverFilled(all: Readonly<Record<string, Rows>>): readonly string[] {
  return Object.entries(all).flatMap(([table, rows]) =>
    rows.length === 0
      ? [table]
      : Object.keys(rows[0] ?? {})
          .filter((column) => rows.every((row) => row[column] === null))
          .map((column) => `${table}.${column}`),
  );
}

/** As SQLite would say it, in one order. */
function inOrder(rows: Rows): Rows {
  const plain = (value: unknown): unknown =>
    typeof value === "boolean"
      ? Number(value)
      : typeof value === "object" && value !== null
        ? JSON.stringify(value)
        : value;
  const same = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .map(([name, value]): [string, unknown] => [name, plain(value)])
        .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ),
  );
  return same.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

it.each([1, 2])("[A1] every row of every table comes along, whatever the studio lived through (%i)", async (seed) => {
  await using database = await openTestDatabase({ empty: true });
  const { studio, file } = await openLived(seed);
  await studio.store.close();
  const here = allOfSqlite(file);
  // A table or a column that is added to the schema has to be given a value in `openLived`, to be seen to come along.
  expect(neverFilled(here)).toEqual([]);
  expect(new Set(here["job"]?.map((row) => row["recoverable"]))).toEqual(new Set([0, 1]));
  const { copied, compared } = await moveAll(file, database.url);
  expect(await allOfPostgres(database.url)).toEqual(here);
  const rows = Object.values(here).reduce((sum, one) => sum + one.length, 0);
  expect([copied, compared?.rows, compared?.tables]).toEqual([rows, rows, Object.keys(here).length]);
  // Its tables, indexes and guards are those of any studio, and its rows hold.
  expect(await inspectPostgres(database.url)).toEqual([]);
  expect(allOfSqlite(file)).toEqual(here);
});

it("[J6] what was under way goes on after the move: by the same attempts, with the same calls, and new lines in the ledger", async () => {
  await using database = await openTestDatabase({ empty: true });
  const { studio, file, underWay } = await openLived(4);
  const { workspaceId } = studio;
  const now = await studio.store.now();
  await studio.store.close();
  await moveAll(file, database.url);
  let clock: number = now;
  const store = await openPostgresStore({ url: database.url, mediaUrl: (key) => key, clock: () => clock, alone: true });
  const offered = { models: ["sim/image", "sim/video"], providers: ["sim"] };
  const claim = () => store.claim({ workerId: "another", limit: 100, leaseMs: durationMs(15_000), ...offered });
  // Its lease has not ended: whoever had it could still be working, for all that is known.
  expect((await claim()).map(({ jobId }) => jobId)).not.toContain(underWay.jobId);
  clock += 20_000;
  await store.sweep({ limit: 100, drawBackoff: () => durationMs(0), ...offered });
  const again = (await claim()).find(({ jobId }) => jobId === underWay.jobId);
  // The next attempt takes up the call that was made before; nothing is submitted twice.
  expect(again).toMatchObject({ attempt: underWay.attempt + 1, submission: { state: "open" } });
  if (again === undefined) throw new Error("It was not claimed.");
  const refused = await store.intendSubmission({
    jobId: again.jobId,
    attempt: again.attempt,
    submissionId: studio.ids(),
    clientRef: "a second call",
    provider: "sim",
  });
  expect(refused.ok).toBe(false);
  // [C4] What was asked with a key is answered as before, and takes nothing.
  const before = await store.creditSummary({ workspaceId });
  const [asset] = [studio.newAsset()];
  const request = { workspaceId, projectId: null, assets: [asset] };
  await store.createAssets({ ...request, idempotency: { key: "kept", bodyHash: "body" } });
  expect(await store.creditSummary({ workspaceId })).toEqual(before);
  // [C3] The next line of the ledger has a number of its own.
  await expect(store.createAssets({ ...request, idempotency: null })).resolves.toMatchObject({ ok: true });
  expect(await store.checkInvariants()).toEqual([]);
  await store.close();
});

it("[E3] a page that was open goes on where it was; one that saw the old studio go another way loads anew", async () => {
  await using database = await openTestDatabase({ empty: true });
  const { studio, opened, file, feedIds } = await openLived(5);
  const { workspaceId } = studio;
  const head = await studio.store.feedHead({ workspaceId });
  await studio.store.close();
  await moveAll(file, database.url);
  const store = await openPostgresStore({ url: database.url, mediaUrl: (key) => key, alone: true });
  expect(feedIds).not.toContain((await store.feedHead({ workspaceId })).feedId);
  const asset = studio.newAsset();
  await store.createAssets({ workspaceId, projectId: null, idempotency: null, assets: [asset] });
  for (const feedId of feedIds)
    expect(await store.readFeed({ workspaceId, after: head.seq, feedId, limit: 10 })).toMatchObject({
      resumable: true,
      items: [{ seq: head.seq + 1, asset: { id: asset.assetId } }],
    });
  // Against all advice: what it counts from here on was never in the other.
  const old = opened.openAgain();
  await old.createAssets({ workspaceId, projectId: null, idempotency: null, assets: [studio.newAsset()] });
  const other = await old.feedHead({ workspaceId });
  expect(other.seq).toBe(head.seq + 1);
  expect(await store.readFeed({ workspaceId, after: other.seq, feedId: other.feedId, limit: 10 })).toMatchObject({
    resumable: false,
  });
  await store.close();
});

it("a move that breaks off anywhere goes on when it is begun again, and nobody starts a studio on half of one", async () => {
  await using database = await openTestDatabase({ empty: true });
  await using cutter = await openCutter(database.url);
  const { studio, file } = await openLived(6);
  await studio.store.close();
  const keys = 2 * ROWS_AT_ONCE + 50;
  onFile(file, (db) =>
    db.exec(`INSERT INTO idempotency SELECT workspace.id, 'many-' || value, 'hash', '[]', 1
      FROM workspace, json_each('[${Array.from({ length: keys }, (_, at) => at).join(",")}]')`),
  );
  const here = allOfSqlite(file);
  const rows = Object.values(here).reduce((sum, one) => sum + one.length, 0);
  const cuts: (readonly [string, "before" | "after"])[] = [
    ["CREATE TABLE job ", "after"],
    ...COPIED_TABLES.flatMap(({ name }, at) => {
      const statement = `INSERT INTO ${name} (`;
      const first = [statement, at % 2 === 0 ? "before" : "after"] as const;
      // The first piece of a table that has three has come, and the second has not, or has.
      return name === "idempotency" ? ([first, [statement, "after"], [statement, "before"]] as const) : [first];
    }),
    ["SET media_after", "after"],
    ["CREATE UNIQUE INDEX job_live", "before"],
    ["CREATE TRIGGER", "after"],
    ["INSERT INTO schema_version", "after"],
    ["ANALYZE", "before"],
  ];
  const start = (): Promise<unknown> => openPostgresStore({ url: database.url, mediaUrl: (key) => key, alone: true });
  let copied = 0;
  for (const [at, [statement, when]] of cuts.entries()) {
    cutter.cutAt(statement, when);
    await expect(moveAll(file, cutter.url), statement).rejects.toThrow(/does not answer/);
    expect([statement, cutter.cuts()]).toEqual([statement, at + 1]);
    if (at % 5 === 1) await expect(start(), statement).rejects.toMatchObject({ name: "MoveUnfinished" });
    copied = Object.values(await allOfPostgres(database.url)).reduce((sum, one) => sum + one.length, 0);
  }
  expect(copied).toBe(rows);
  // All of it is there, and only the answer to that was lost.
  cutter.cutAt("COMMIT", "after");
  const move = await openMove({ file, url: cutter.url, storage: PLACE });
  await expect(move.finish()).rejects.toThrow(/does not answer/);
  await move.close();
  expect(await moveAll(file, cutter.url)).toEqual({ state: "done", copied: 0 });
  expect(await allOfPostgres(database.url)).toEqual(here);
  expect(await inspectPostgres(database.url)).toEqual([]);
}, 120_000);

it("what was copied before the old studio was started once more does not count", async () => {
  await using database = await openTestDatabase({ empty: true });
  await using cutter = await openCutter(database.url);
  const { studio, opened, file } = await openLived(7);
  await studio.store.close();
  cutter.cutAt("INSERT INTO history", "after");
  await expect(moveAll(file, cutter.url)).rejects.toThrow(/does not answer/);
  const again = opened.openAgain();
  const { workspaceId } = studio;
  const asset = studio.newAsset();
  await again.createAssets({ workspaceId, projectId: null, idempotency: null, assets: [asset] });
  await again.cancel({ workspaceId, assetId: asset.assetId });
  await again.close();
  await expect(moveAll(file, database.url)).resolves.toMatchObject({ state: "changed", isNewPlace: false });
  expect(await allOfPostgres(database.url)).toEqual(allOfSqlite(file));
  // And after the move what it does is not there, which nothing can mend.
  await opened.openAgain().close();
  await expect(moveAll(file, database.url)).rejects.toThrow(
    /was moved into that database before, and has been started/,
  );
});

it("[C3] a row that is another on the other side is named, and no studio comes of it", async () => {
  await using database = await openTestDatabase({ empty: true });
  await using cutter = await openCutter(database.url);
  await using client = await openClient(database.url);
  const { studio, file } = await openLived(8);
  await studio.store.close();
  cutter.cutAt("SET media_after", "before");
  await expect(moveAll(file, cutter.url)).rejects.toThrow(/does not answer/);
  const { workspaceId } = studio;
  for (const [change, back, words] of [
    [
      "UPDATE version SET prompt = prompt || '!'",
      "UPDATE version SET prompt = left(prompt, -1)",
      /version has another prompt in 0190/,
    ],
    [
      "UPDATE credit_entry SET held = held + 1 WHERE id = 1",
      "UPDATE credit_entry SET held = held - 1 WHERE id = 1",
      /credit_entry has another held in 1\./,
    ],
    [
      "DELETE FROM slot WHERE pool = 'model/sim/video'",
      "INSERT INTO slot VALUES ('model/sim/video', 1), ('model/sim/video', 2)",
      /slot has 32 rows here and 30 there/,
    ],
  ] as const) {
    await client.ask(change);
    await expect(moveAll(file, database.url), change).rejects.toThrow(words);
    await expect(inspectPostgres(database.url)).rejects.toMatchObject({ name: "MoveUnfinished" });
    await client.ask(back);
  }
  // Of the studio itself it is said before anything is copied.
  onFile(file, (db) => db.exec("UPDATE workspace SET balance = balance + 7"));
  await expect(moveAll(file, database.url)).rejects.toThrow(
    new RegExp(`\\[C3\\] The credits of the workspace ${workspaceId} `),
  );
});

it("a database that holds a studio already is refused, and so is one that another is being moved into", async () => {
  const { studio, file } = await openLived(9);
  const other = await openLived(10);
  await studio.store.close();
  await other.studio.store.close();
  await using studios = await openTestDatabase();
  await expect(moveAll(file, studios.url)).rejects.toThrow(/already holds a studio.*\(asset, credit_entry/);
  await using database = await openTestDatabase({ empty: true });
  const move = await openMove({ file, url: database.url, storage: PLACE });
  await expect(moveAll(other.file, database.url)).rejects.toThrow(/at this moment/);
  await move.begin();
  await move.close();
  await expect(moveAll(other.file, database.url)).rejects.toThrow(/another studio was moved into/);
  expect(await moveAll(file, database.url, "a bucket")).toMatchObject({ state: "begun", isNewPlace: true });
});

it("what is wrong with the address is said by the argument, and never with its password", async () => {
  await using database = await openTestDatabase({ empty: true });
  const { studio, file } = await openLived(11);
  await studio.store.close();
  const said = async (change: (url: URL) => unknown): Promise<string> => {
    const url = new URL(database.url);
    change(url);
    const refusal: unknown = await openMove({ file, url: url.href, storage: PLACE }).catch((error: unknown) => error);
    if (!(refusal instanceof Error)) throw new Error("It was taken.");
    expect(refusal.name).toBe("MoveRefused");
    expect(refusal.message).not.toContain(url.password);
    return refusal.message;
  };
  expect(await said((url) => (url.password = "hush"))).toMatch(
    /not take the user or the password of the first argument/,
  );
  expect(await said((url) => (url.pathname = "/nowhere"))).toMatch(/no database "nowhere".*createdb nowhere/);
  expect(await said((url) => url.searchParams.set("host", "/nowhere"))).toMatch(/first argument.*does not answer/s);
});
