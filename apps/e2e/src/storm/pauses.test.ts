import { setTimeout as delay } from "node:timers/promises";
import { inspectSqlite } from "@reelstate/db";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { holdLock } from "../harness/holdLock.ts";
import { simulatorLog } from "../harness/simulatorLog.ts";
import { startStudio } from "../harness/startStudio.ts";
import { ended, order, studioClient, untilAsset } from "../harness/studioClient.ts";
import type { AssetId } from "@reelstate/lifecycle";
import type { Studio } from "../harness/startStudio.ts";
import type { StudioClient } from "../harness/studioClient.ts";

/** For what hangs on a busy machine; all of these run side by side. */
const PATIENCE_MS = 120_000;
const LOCKED_MS = 10_000;

const atProvider = { queueMs: 0, hang: true } as const;

describe.concurrent("a process that stands still", { timeout: 300_000 }, () => {
  it("[J6] SIGSTOP past the lease, then SIGCONT: it shows that it is alive before anybody takes its work", async () => {
    await using studio = await startStudio({ LEASE_MS: "3000", SWEEP_MS: "1000" });
    const client = studioClient(studio.url);
    const ends = await order(client, { queueMs: 0, runMs: 3_000 });
    const hangs = await order(client, atProvider);
    for (const { id } of [ends, hangs]) await untilRuns(client, id);
    studio.signal("SIGSTOP");
    await delay(6_000);
    studio.signal("SIGCONT");
    const done = await untilAsset(client, ends.id, ended, PATIENCE_MS);
    expect(done.status).toBe("completed");
    // Two sweeps more, had the other one been taken away.
    await delay(2_500);
    expect((await client.assets.get.query({ id: hangs.id })).liveJob).toMatchObject({
      attempt: 1,
      phase: "at_provider",
    });
    expect(await eventsOf(client, ends.id)).toEqual(["create", "claim", "complete"]);
    await client.assets.cancel.mutate({ id: hangs.id });
    expect((await untilAsset(client, hangs.id, ended, PATIENCE_MS)).status).toBe("cancelled");
    await expectWhole(studio, client, { submits: 2 });
  });

  it("[J6] [P1] a stopped process keeps its folder to itself; killed, its successor goes on with its work at once", async () => {
    await using studio = await startStudio({ LEASE_MS: "600000", SWEEP_MS: "600000" });
    const client = studioClient(studio.url);
    const asset = await order(client, { queueMs: 0, runMs: 1_000 });
    await untilRuns(client, asset.id);
    studio.signal("SIGSTOP");
    const { code, said } = await studio.another();
    expect(code).toBe(1);
    expect(said).toContain("Another studio is running on");
    await studio.kill9();
    await studio.start();
    // No lease ends and no sweep comes within this test: only the successor's start can have given the work back.
    expect((await untilAsset(client, asset.id, ended, PATIENCE_MS)).status).toBe("completed");
    expect(await eventsOf(client, asset.id)).toEqual(["create", "claim", "lose", "claim", "complete"]);
    await expectWhole(studio, client, { submits: 1 });
  });
});

describe.concurrent("another program locks the database for ten seconds", { timeout: 300_000 }, () => {
  it("[J6] [P1] longer than a lease: requests wait, nothing stands still, work goes on afterwards, bought once", async () => {
    await using studio = await startStudio({ LEASE_MS: "2000", SWEEP_MS: "500" });
    const client = studioClient(studio.url);
    const running = await order(client, { queueMs: 0, runMs: 12_000 });
    await untilRuns(client, running.id);
    const lock = await holdLock(studio, LOCKED_MS);
    const pulse = takePulse(studio);
    const waiting = order(client, { queueMs: 0, runMs: 100 });
    // What is only read does not wait.
    expect((await client.assets.get.query({ id: running.id })).status).toBe("processing");
    await lock.released;
    expect(await pulse.slowestMs()).toBeLessThan(8_000);
    for (const { id } of [await waiting, running]) {
      expect((await untilAsset(client, id, ended, PATIENCE_MS)).status).toBe("completed");
    }
    await expectWhole(studio, client, { submits: 2 });
  });

  it("[J6] shorter than a lease: nobody loses anything", async () => {
    await using studio = await startStudio({ LEASE_MS: "60000", SWEEP_MS: "500" });
    const client = studioClient(studio.url);
    const running = await order(client, { queueMs: 0, runMs: 5_000 });
    await untilRuns(client, running.id);
    const lock = await holdLock(studio, LOCKED_MS);
    const waiting = order(client, { queueMs: 0, runMs: 100 });
    await lock.released;
    for (const { id } of [await waiting, running]) {
      expect((await untilAsset(client, id, ended, PATIENCE_MS)).status).toBe("completed");
      expect(await eventsOf(client, id)).toEqual(["create", "claim", "complete"]);
    }
    await expectWhole(studio, client, { submits: 2 });
  });
});

async function untilRuns(client: StudioClient, id: AssetId): Promise<void> {
  await untilAsset(client, id, ({ liveJob }) => liveJob?.phase === "at_provider", PATIENCE_MS);
}

async function eventsOf(client: StudioClient, id: AssetId): Promise<readonly string[]> {
  const { transitions } = await client.assets.history.query({ id });
  return transitions.map(({ event }) => event);
}

async function expectWhole(
  studio: Studio,
  client: StudioClient,
  expected: { readonly submits: number },
): Promise<void> {
  expect((await client.credits.summary.query()).held).toBe(0);
  expect(simulatorLog(studio).filter(({ op }) => op === "submit")).toHaveLength(expected.submits);
  expect(inspectSqlite(join(studio.dataDir, "reelstate.sqlite"))).toEqual([]);
}

/** How long the slowest `/healthz` took, asked again and again: whether the event loop turns. */
function takePulse({ url }: Studio): { readonly slowestMs: () => Promise<number> } {
  const stop = new AbortController();
  let slowest = 0;
  const asking = (async () => {
    while (!stop.signal.aborted) {
      const asked = performance.now();
      await fetch(`${url}/healthz`).then((answer) => answer.text());
      slowest = Math.max(slowest, performance.now() - asked);
      await delay(50);
    }
  })();
  return {
    slowestMs: async () => {
      stop.abort();
      await asking;
      return slowest;
    },
  };
}
