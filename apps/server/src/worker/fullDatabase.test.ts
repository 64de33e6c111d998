import { StoreUnavailable } from "@reelstate/db";
import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { realTimers } from "../Timers.ts";
import { openTestHttp } from "../testing/openTestHttp.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";

/** A studio on a database whose size can be limited, as a full disk would. */
async function openLimited() {
  let connection: Database | undefined;
  const http = await openTestHttp({
    connection: (file) => {
      connection = new Sqlite(file);
      connection.pragma("journal_mode = WAL");
      return connection;
    },
    // The disk is tried again every five seconds: too long to wait for here.
    timers: { every: (ms, callback) => realTimers.every(ms === 5_000 ? 200 : ms, callback) },
  });
  const limit = (pages: number): void => void connection?.pragma(`max_page_count = ${pages}`);
  return {
    ...http,
    /** SQLite takes no limit below the size that a database has. */
    fill: () => limit(1),
    makeRoom: () => limit(1_000_000),
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      connection?.close();
    },
  };
}

it("[A1] [C2] [J6] [P1] a full database refuses in words, harms nothing, and goes on by itself when there is room", async () => {
  await using limited = await openLimited();
  const { studio, fill, makeRoom } = limited;
  studio.startSweeper({ leaseMs: 1_000 });
  studio.startWorker({ leaseMs: 1_000 });
  const kept = await studio.ended((await studio.create()).id);
  const running = await studio.create({ runMs: 1_500 });
  await studio.until(running.id, ({ liveJob }) => liveJob?.phase === "at_provider");
  fill();

  const accepted: Asset[] = [];
  const refusal = await createUntilRefused(accepted);
  expect(refusal).toMatchObject({
    statusCode: 503,
    body: { error: { data: { why: "disk_full" }, message: expect.stringMatching(/^The disk .* is full\. Make room/) } },
  });
  await expect(studio.store.ping()).rejects.toMatchObject({ name: "StoreUnavailable", reason: "full" });
  expect(await studio.get(kept.id)).toEqual(kept);
  expect(await studio.store.checkInvariants()).toEqual([]);
  const before = studio.rows("SELECT count(*) AS n FROM asset");
  expect(await createUntilRefused([])).toMatchObject({ statusCode: 503 });
  expect(studio.rows("SELECT count(*) AS n FROM asset")).toEqual(before);

  makeRoom();
  for (const { id } of [running, ...accepted]) expect((await studio.ended(id)).status).toBe("completed");
  expect((await studio.ended((await studio.create()).id)).status).toBe("completed");
  await studio.store.ping();
  const submits = studio.testimony(["submit"]).map(({ client_ref }) => client_ref.replace(/-\d+$/, ""));
  expect(submits).toHaveLength(new Set(submits).size);
  expect(studio.lines.filter(({ level }) => Number(level) >= 50)).toMatchObject([{ msg: "the disk is full" }]);

  async function createUntilRefused(into: Asset[]) {
    for (let count = 0; count < 500; count += 1) {
      const payload = {
        type: "image",
        model: "sim/image",
        prompt: "A lighthouse ".repeat(200),
        params: { script: { runMs: 0 } },
      };
      const answer = await limited.ask("/trpc/assets.create", { method: "POST", payload });
      if (answer.statusCode !== 200) return { statusCode: answer.statusCode, body: answer.json<unknown>() };
      into.push(
        ...answer.json<{ readonly result: { readonly data: { readonly assets: readonly Asset[] } } }>().result.data
          .assets,
      );
    }
    throw new Error("It was never full.");
  }
});

it("[J6] [P1] an attempt whose end cannot be kept is no bug: its lease ends, and the next one fetches what was bought once", async () => {
  let refused = 0;
  await using studio = await openTestStudio({
    wrapStore: (store) => ({
      ...store,
      complete: (request) => {
        if ((refused += 1) > 1) return store.complete(request);
        return Promise.reject(new StoreUnavailable("full", { cause: null }));
      },
    }),
  });
  studio.startSweeper({ leaseMs: 1_000 });
  studio.startWorker({ leaseMs: 1_000 });
  const asset = await studio.ended((await studio.create()).id);
  expect([asset.status, refused]).toEqual(["completed", 2]);
  const { transitions } = await studio.api.assets.history({ id: asset.id });
  expect(transitions.map(({ event }) => event)).toEqual(["create", "claim", "lose", "claim", "complete"]);
  expect(studio.testimony(["submit"])).toHaveLength(1);
  expect(studio.lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
