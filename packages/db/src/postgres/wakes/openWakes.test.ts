import { Client } from "pg";
import { expect, it, vi } from "vitest";
import { openTestDatabase } from "../../testing/postgres/openTestDatabase.ts";
import { postgresConnection } from "../openPostgresPool.ts";
import { CHANNEL } from "./notification.ts";
import { openWakes } from "./openWakes.ts";
import type { Wake } from "../../store/feed.ts";
import type { Wakes } from "./openWakes.ts";

const BOTH: Wake = { feed: true, work: true };
const FEED: Wake = { feed: true, work: false };
const WORK: Wake = { feed: false, work: true };

/** For what takes as long as it takes on a busy machine. */
const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 5 });

/** Processes on one database, and a hand at the server. */
async function openProcesses() {
  const database = await openTestDatabase();
  const opened: Wakes[] = [];
  const hand = new Client(postgresConnection({ url: database.url, applicationName: "hand" }));
  hand.on("error", () => {});
  await hand.connect();
  const found = { again: 0 };
  return {
    found,
    async start(applicationName: string) {
      const others = postgresConnection({ url: database.url, applicationName });
      const wakes = await openWakes({ others, onFoundAgain: () => void (found.again += 1) });
      opened.push(wakes);
      const heard: Wake[] = [];
      wakes.onWake((wake) => heard.push(wake));
      return { ...wakes, heard };
    },
    /** How many connections of the process were ended. */
    async dropConnectionsOf(applicationName: string): Promise<number> {
      const { rows } = await hand.query<{ pid: number }>(
        "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
        [applicationName],
      );
      return rows.length;
    },
    query: async <Row>(sql: string): Promise<readonly Row[]> => (await hand.query(sql)).rows as Row[],
    say: (payload: string) => hand.query("SELECT pg_notify($1, $2)", [CHANNEL, payload]),
    /** How many notifications the server has passed on to a listener of its own. */
    async listen(): Promise<() => number> {
      let count = 0;
      hand.on("notification", () => (count += 1));
      await hand.query(`LISTEN ${CHANNEL}`);
      return () => count;
    },
    async [Symbol.asyncDispose]() {
      for (const wakes of opened) await wakes.close();
      await hand.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

it("[E2] a process's own listeners hear at once, those of another by the server, and nobody twice", async () => {
  await using processes = await openProcesses();
  const one = await processes.start("one");
  const two = await processes.start("two");
  one.wake(FEED);
  expect(one.heard).toEqual([FEED]);
  await soon(() => expect(two.heard).toEqual([FEED]));
  // What is said now comes to `one` after everything that it said itself has come back to it.
  two.wake(WORK);
  await soon(() => expect(one.heard).toEqual([FEED, WORK]));
  expect(two.heard).toEqual([FEED, WORK]);
});

it("[E2] the first of many wakes is told at once, the others together, and none of what they told is missing", async () => {
  await using processes = await openProcesses();
  const one = await processes.start("one");
  const two = await processes.start("two");
  const passedOn = await processes.listen();
  for (let n = 0; n < 500; n += 1) one.wake(n === 250 ? WORK : FEED);
  await soon(() => expect(two.heard).toEqual([FEED, BOTH]));
  two.wake(WORK);
  await soon(() => expect(passedOn()).toBe(3));
  await soon(() => expect(one.heard).toHaveLength(501));
});

it("[E2] a process whose connections are dropped hears and tells again, and looks for what it missed", async () => {
  await using processes = await openProcesses();
  const one = await processes.start("one");
  const two = await processes.start("two");
  one.wake(FEED);
  two.wake(FEED);
  await soon(() =>
    expect([one.heard, two.heard]).toEqual([
      [FEED, FEED],
      [FEED, FEED],
    ]),
  );
  expect(await processes.dropConnectionsOf("one")).toBe(2);
  // Nobody told it anything: it woke its listeners itself, once it heard again.
  await soon(() => expect(one.heard).toEqual([FEED, FEED, BOTH]));
  expect(processes.found.again).toBe(1);
  two.wake(WORK);
  await soon(() => expect(one.heard.at(-1)).toEqual(WORK));
  one.wake(WORK);
  await soon(() => expect(two.heard.at(-1)).toEqual(WORK));
});

it("[E2] connections that are dropped again and again are opened again each time", async () => {
  await using processes = await openProcesses();
  const one = await processes.start("one");
  for (let time = 1; time <= 4; time += 1) {
    await processes.dropConnectionsOf("one");
    await soon(() => expect(one.heard).toHaveLength(time));
  }
  await processes.say("feed,,another");
  await soon(() => expect(one.heard.at(-1)).toEqual(FEED));
});

it("[E2] a wake that the server refuses to tell leaves no connection behind, and the next one is told", async () => {
  await using processes = await openProcesses();
  // What new connections call answers with an error, on a connection that stays.
  await processes.query(`CREATE SCHEMA refusing; CREATE SEQUENCE refusing.asked;
    CREATE FUNCTION refusing.pg_notify(text, text) RETURNS void LANGUAGE plpgsql AS
      $$ BEGIN PERFORM nextval('refusing.asked'); RAISE 'not now'; END $$;
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = refusing, pg_catalog, public', current_database()); END $$`);
  const one = await processes.start("one");
  one.wake(FEED);
  await vi.waitFor(async () => {
    expect(await processes.query("SELECT 1 FROM refusing.asked WHERE is_called")).toHaveLength(1);
    // The one that listens.
    expect(await processes.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'one'")).toHaveLength(1);
  }, 3_000);
  await processes.query("DROP FUNCTION refusing.pg_notify");
  const passedOn = await processes.listen();
  one.wake(WORK);
  await soon(() => expect(passedOn()).toBe(1));
});

it("[E2] a word that no program of today says wakes everybody", async () => {
  await using processes = await openProcesses();
  const one = await processes.start("one");
  await processes.say("");
  await soon(() => expect(one.heard).toEqual([BOTH]));
});

it("[E2] the last thing that happened before a process closes is told", async () => {
  await using processes = await openProcesses();
  const two = await processes.start("two");
  const one = await processes.start("one");
  one.wake(FEED);
  one.wake(WORK);
  await one.close();
  await soon(() => expect(two.heard).toEqual([FEED, WORK]));
  // Closed, it leaves nothing open.
  expect(await processes.dropConnectionsOf("one")).toBe(0);
});

it("[E2] a process that is alone on its database wakes its own listeners without a server", async () => {
  const wakes = await openWakes({ others: null });
  const heard: Wake[] = [];
  const stop = wakes.onWake((wake) => heard.push(wake));
  wakes.wake(FEED);
  stop();
  wakes.wake(WORK);
  expect(heard).toEqual([FEED]);
  await wakes.close();
});
