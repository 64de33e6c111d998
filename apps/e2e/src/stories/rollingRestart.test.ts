import { openCluster } from "@reelstate/cluster";
import { expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { isTaken, simulatorLog } from "../harness/simulatorLog.ts";
import { studioClient } from "../harness/studioClient.ts";
import { watchScreen } from "../harness/watchScreen.ts";
import { askUntilAnswered } from "../storm/askUntilAnswered.ts";
import { newWorld } from "../storm/World.ts";
import type { AssetHistory } from "@reelstate/api";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { Script } from "../harness/studioClient.ts";

const patience = { timeout: 120_000, interval: 100 };
/** Tall enough for all that is made here. */
const WINDOW = { width: 1_280, height: 3_600 };
/** What was told while a program is up, at the level of an error. */
const isError = (line: string): boolean => /^\{"level":(50|60),/.test(line);

it("[E2] [J6] [P1] [U5] every process is replaced in turn while work runs and a page is open: nothing is lost, bought twice or counted as a failure, and the page shows nothing wrong", async () => {
  const errors: string[] = [];
  await using cluster = await openCluster({
    // Work takes longer than a process that is stopped waits for it: it is handed on.
    env: { DRAIN_MS: "200", WORKER_CONCURRENCY: "3" },
    onLine: (name, line) => isError(line) && errors.push(`${name}: ${line}`),
    onGone: (name, how) => errors.push(`${name} ${how}`),
  });
  await using browser = await openedBrowser();
  await using opened = await openPage(browser.browser, cluster.url, WINDOW);
  const screen = await watchScreen(opened.page);
  const broken: string[] = [];
  opened.page.on("pageerror", ({ message }) => broken.push(message));
  const client = studioClient(cluster.url);
  const world = newWorld(cluster);
  let ordered = 0;

  // It runs as long as there is anybody to run it, so that whoever has it is stopped sooner or later.
  const lasting = await order({ queueMs: 0, hang: true });
  const ids: AssetId[] = [];
  for (const program of [...cluster.apis, ...cluster.workers]) {
    for (let count = 0; count < 4; count += 1) ids.push(await order({ queueMs: 0, runMs: 1_000 }));
    await expect.poll(async () => (await get(lasting)).liveJob?.phase, patience).toBe("at_provider");
    const [code] = await Promise.all([
      program.terminate(),
      order({ queueMs: 0, runMs: 300 }).then((id) => ids.push(id)),
    ]);
    expect(code).toBe(0);
    await program.start();
  }
  for (const id of ids) await expect.poll(async () => (await get(id)).status, patience).toBe("completed");
  await expect.poll(async () => (await get(lasting)).liveJob?.phase, patience).toBe("at_provider");
  world.wished.add(lasting);
  await askUntilAnswered(world, "cancel", (options) => client.assets.cancel.mutate({ id: lasting }, options));
  await expect.poll(async () => (await get(lasting)).status, patience).toBe("cancelled");

  const histories = new Map<AssetId, AssetHistory>();
  for (const id of [lasting, ...ids]) histories.set(id, await client.assets.history.query({ id }));
  const events = [...histories.values()].flatMap(({ transitions }) => transitions.map(({ event }) => event));
  expect(events).toContain("hand_back");
  expect(events.filter((event) => event === "fail" || event === "lose")).toEqual([]);
  expect(simulatorLog(cluster).filter(isTaken)).toHaveLength(ids.length + 1);
  expect(await client.credits.summary.query()).toEqual({ balance: 1_000 - 6 * ids.length, held: 0 });
  expect([world.heard, errors]).toEqual([[], []]);

  // The page, which nobody touched, shows all of it; it showed no state that was not one, in no other order.
  await expect.poll(async () => stateShown(await screen.shown()), patience).toEqual(stateTrue());
  const shown = await screen.shown();
  for (const [id, { transitions }] of histories) {
    const truth = transitions.map(({ to }) => to);
    expect(isSubsequence(shown.statuses[id] ?? [], truth), `${shown.statuses[id]?.join()} of ${truth.join()}`).toBe(
      true,
    );
  }
  expect({ lost: shown.lost, said: shown.said, broken }).toEqual({ lost: [], said: [], broken: [] });
  expect(new Set(shown.connections)).not.toContain("offline");
  await opened.page.locator('[data-connection="live"]').waitFor({ state: "attached" });

  async function order(script: Script): Promise<AssetId> {
    ordered += 1;
    const idempotencyKey = `order-${ordered}`;
    const request = { type: "image", prompt: "fog", model: "sim/image", params: { script }, idempotencyKey } as const;
    const answer = await askUntilAnswered(world, "create", (options) => client.assets.create.mutate(request, options));
    const id = answer.ok ? answer.value.assets[0]?.id : undefined;
    if (id === undefined) throw new Error(`Nothing was created: ${JSON.stringify([answer, world.heard, errors])}`);
    return id;
  }

  async function get(id: AssetId): Promise<Asset> {
    const answer = await askUntilAnswered(world, "get", (options) => client.assets.get.query({ id }, options));
    if (!answer.ok) throw new Error(answer.why);
    return answer.value;
  }

  function stateShown({ statuses }: Awaited<ReturnType<typeof screen.shown>>): Record<string, string | undefined> {
    return Object.fromEntries(Object.entries(statuses).map(([id, seen]) => [id, seen.at(-1)]));
  }

  function stateTrue(): Record<string, string> {
    return { [lasting]: "cancelled", ...Object.fromEntries(ids.map((id) => [id, "completed"])) };
  }
}, 900_000);

function isSubsequence(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const one of all) if (one === some[at]) at += 1;
  return at === some.length;
}

async function openedBrowser() {
  const browser = await launchBrowser();
  return { browser, [Symbol.asyncDispose]: () => browser.close() };
}
