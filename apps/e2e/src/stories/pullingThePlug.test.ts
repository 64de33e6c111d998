import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { cardOf, openPage } from "../harness/openPage.ts";
import { simulatorLog } from "../harness/simulatorLog.ts";
import { startStudio } from "../harness/startStudio.ts";
import { ended, order, studioClient, untilAsset } from "../harness/studioClient.ts";
import { tamperingProxy } from "../harness/tamperingProxy.ts";
import type { Browser, Page } from "playwright-core";
import type { Studio } from "../harness/startStudio.ts";
import type { StudioClient } from "../harness/studioClient.ts";

describe("pulling the plug", () => {
  let browser: Browser;
  let studio: Studio;
  let client: StudioClient;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    studio = await startStudio();
    client = studioClient(studio.url);
  });
  afterEach(() => studio[Symbol.asyncDispose]());

  it("[E3] [U5] a reload in mid-run shows at once how far it is, and then the end", async () => {
    await using opened = await openPage(browser, studio.url);
    const asset = await order(client, { queueMs: 0, runMs: 3_000 });
    await expect
      .poll(() => opened.card(asset.id).getByRole("progressbar").getAttribute("aria-valuenow"))
      .toMatch(/[1-9]\d?/);
    await opened.page.reload();
    await opened.card(asset.id).waitFor();
    expect(await opened.card(asset.id).getAttribute("data-status")).toBe("processing");
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="completed"]`).waitFor({ timeout: 20_000 });
    expect(opened.complaints).toEqual([]);
  });

  it("[P1] [J6] [E3] kill -9 in mid-run and a new start: the page catches up by itself, the work was submitted once, charged once", async () => {
    await using opened = await openPage(browser, studio.url);
    const asset = await order(client, { queueMs: 0, runMs: 3_000 });
    await untilAsset(client, asset.id, ({ liveJob }) => (liveJob?.progress.fraction ?? 0) > 0.2);
    await studio.kill9();
    await opened.page.waitForTimeout(1_000);
    expect(await opened.card(asset.id).getAttribute("data-status")).toBe("processing");
    await studio.start();
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="completed"]`).waitFor({ timeout: 30_000 });
    expect(simulatorLog(studio).filter(({ op }) => op === "submit")).toHaveLength(1);
    const { balance, held } = await client.credits.summary.query();
    expect({ balance, held }).toEqual({ balance: 994, held: 0 });
  });

  it("[E3] [U5] ten seconds offline in mid-run: said calmly, then true again without a click", async () => {
    await using cable = await tamperingProxy(studio.url, (message) => [message]);
    await using opened = await openPage(browser, cable.url);
    const asset = await order(client, { queueMs: 0, runMs: 4_000 });
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="processing"]`).waitFor();
    // The browser knows at once that it is offline, and its streams break.
    await opened.context.setOffline(true);
    await cable.cut();
    await opened.page.locator('[data-connection="offline"]').waitFor({ timeout: 5_000 });
    await opened.page.waitForTimeout(10_000);
    expect((await client.assets.get.query({ id: asset.id })).status).toBe("completed");
    expect(await opened.card(asset.id).getAttribute("data-status")).toBe("processing");
    await cable.heal();
    await opened.context.setOffline(false);
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="completed"]`).waitFor({ timeout: 20_000 });
    await opened.page.locator('[data-connection="offline"]').waitFor({ state: "detached" });
  });

  it("[E2] [U5] ten tabs show the same end over one stream", async () => {
    await using opened = await openPage(browser, studio.url);
    const streaming = new Set<Page>();
    opened.context.on("request", (request) => {
      if (request.url().includes("/trpc/events.live")) streaming.add(request.frame().page());
    });
    const tabs = await Promise.all(
      Array.from({ length: 9 }, async () => {
        const tab = await opened.context.newPage();
        await tab.goto(studio.url);
        return tab;
      }),
    );
    const asset = await order(client, { queueMs: 0, runMs: 1_000 });
    for (const tab of [opened.page, ...tabs]) {
      await tab.locator(`[data-asset-id="${asset.id}"][data-status="completed"]`).waitFor({ timeout: 30_000 });
    }
    // Only the tab that came first may have one, and may have opened it before we listened.
    streaming.delete(opened.page);
    expect(streaming.size).toBe(0);

    // The tab that holds the stream closes: another takes over.
    await opened.page.close();
    const next = await order(client, { queueMs: 0, runMs: 500 });
    for (const tab of tabs)
      await tab.locator(`[data-asset-id="${next.id}"][data-status="completed"]`).waitFor({ timeout: 30_000 });
  });

  it("[J7] a cancel while it waits ends at once, a cancel while it runs within a moment; both offer another try", async () => {
    await using opened = await openPage(browser, studio.url);
    const running = await order(client, { queueMs: 0, hang: true });
    await opened.page.locator(`[data-asset-id="${running.id}"][data-status="processing"]`).waitFor();
    await opened.card(running.id).getByRole("button", { name: "Cancel" }).click();
    await opened.page.locator(`[data-asset-id="${running.id}"][data-status="cancelled"]`).waitFor({ timeout: 5_000 });
    expect(await opened.card(running.id).textContent()).toContain("No credits were taken");
    await opened.card(running.id).getByRole("button", { name: "Try again" }).waitFor();

    const waiting = await order(client, {
      queueMs: 0,
      runMs: 100,
      fail: { code: "rate_limited", at: "submit", retryable: true },
    });
    await untilAsset(client, waiting.id, ({ liveJob }) => liveJob?.phase === "backoff");
    await client.assets.cancel.mutate({ id: waiting.id });
    await opened.page.locator(`[data-asset-id="${waiting.id}"][data-status="cancelled"]`).waitFor({ timeout: 5_000 });
    expect((await client.credits.summary.query()).held).toBe(0);
  });

  it("[A6] a regeneration that fails leaves the old picture, with a badge that says so", async () => {
    await using opened = await openPage(browser, studio.url);
    const asset = await order(client, { queueMs: 0, runMs: 100 });
    const first = await untilAsset(client, asset.id, ended);
    const card = opened.card(asset.id);
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="completed"]`).waitFor();
    const script = { queueMs: 0, runMs: 1_000, fail: { code: "content_policy_output", at: 0.8 } };
    await client.assets.regenerate.mutate({ id: asset.id, params: { script } });
    await card.locator("[data-over-media]").waitFor();
    await expect.poll(() => card.textContent(), { timeout: 10_000 }).toContain("The last try failed");
    expect(await card.getAttribute("data-status")).toBe("completed");
    const after = await client.assets.get.query({ id: asset.id });
    expect(after.currentVersion.media).toEqual(first.currentVersion.media);
    expect(await card.locator("[data-phase]").count()).toBe(0);
  });

  it("[E3] the database is replaced by an older copy: the page ends in what that copy says", async () => {
    const kept = await order(client, { queueMs: 0, runMs: 100 });
    await untilAsset(client, kept.id, ended);
    await studio.terminate();
    const copy = await studio.copyDatabase();
    await studio.start();
    await using opened = await openPage(browser, studio.url);
    const lost = await order(client, { queueMs: 0, runMs: 100 });
    await opened.page.locator(`[data-asset-id="${lost.id}"][data-status="completed"]`).waitFor({ timeout: 20_000 });
    await client.assets.delete.mutate({ id: kept.id });
    await cardOf(opened.page, kept.id).waitFor({ state: "detached" });
    await studio.terminate();
    await copy.restore();
    await studio.start();
    await cardOf(opened.page, kept.id).waitFor({ timeout: 30_000 });
    await cardOf(opened.page, lost.id).waitFor({ state: "detached", timeout: 30_000 });
    const { items } = await client.assets.list.query({ limit: 10 });
    expect(items.map(({ id }) => id)).toEqual([kept.id]);
  });
});
