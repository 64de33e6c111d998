import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { startStudio } from "../harness/startStudio.ts";
import { ended, order, studioClient, untilAsset } from "../harness/studioClient.ts";
import { watchCard } from "../harness/watchCard.ts";
import type { Browser } from "playwright-core";
import type { Studio } from "../harness/startStudio.ts";
import type { StudioClient } from "../harness/studioClient.ts";

/** The three stories of the bug that this studio was built because of, and one more about money. */
describe("what people saw in the old studio", () => {
  let studio: Studio;
  let browser: Browser;
  let client: StudioClient;

  beforeAll(async () => {
    [studio, browser] = await Promise.all([startStudio(), launchBrowser()]);
    client = studioClient(studio.url);
  });
  afterAll(async () => {
    await browser.close();
    await studio[Symbol.asyncDispose]();
  });

  it("[U2] [U3] [U4] [U5] goes well: a skeleton at once, progress that only grows, then the picture, without a click", async () => {
    await using opened = await openPage(browser, studio.url);
    const asset = await order(client, { queueMs: 300, runMs: 2_500 });
    const watch = await watchCard(opened.page, asset.id);
    const card = opened.card(asset.id);
    await card.waitFor();
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="completed"]`).waitFor({ timeout: 20_000 });
    await expect
      .poll(() => card.locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBeGreaterThan(0);

    const seen = await watch.seen();
    expect(seen[0]?.status).not.toBe("completed");
    const statuses = [...new Set(seen.map(({ status }) => status))];
    expect(statuses.at(-1)).toBe("completed");
    expect(statuses).not.toContain("failed");
    const values = seen.flatMap(({ value }) => (value === null ? [] : [value]));
    expect(new Set(values).size).toBeGreaterThan(3);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    await expect.poll(() => card.locator("[data-phase]").count()).toBe(0);
    expect(opened.complaints).toEqual([]);
  });

  it("[U1] [E2] fails half way: the overlay, then red with an icon, the reason and no charge; never “being made” again", async () => {
    await using opened = await openPage(browser, studio.url);
    const before = await client.credits.summary.query();
    const asset = await order(
      client,
      { runMs: 1_500, fail: { code: "content_policy_output", at: 0.5 } },
      { type: "video" },
    );
    const watch = await watchCard(opened.page, asset.id);
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="failed"]`).waitFor({ timeout: 20_000 });
    const card = opened.card(asset.id);
    await expect.poll(() => card.textContent()).toContain("No credits were taken");
    expect(await card.textContent()).toContain("The result was withheld");
    expect(await card.locator("svg").count()).toBeGreaterThan(0);
    expect(await card.getByRole("button").filter({ hasText: /\S/ }).count()).toBe(1);
    expect(await card.getByRole("progressbar").count()).toBe(0);
    await opened.page.waitForTimeout(1_500);
    expect(await card.getAttribute("data-status")).toBe("failed");
    expect((await watch.seen()).map(({ status }) => status).lastIndexOf("processing")).toBeLessThan(
      (await watch.seen()).findIndex(({ status }) => status === "failed"),
    );
    expect(await client.credits.summary.query()).toEqual(before);
    expect(opened.complaints).toEqual([]);
  });

  it("[U1] [A1] fails at once: never shown as failed before it was tried, and failed is what remains", async () => {
    await using opened = await openPage(browser, studio.url);
    const asset = await order(client, { fail: { code: "invalid_input", at: "submit" } });
    const watch = await watchCard(opened.page, asset.id);
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="failed"]`).waitFor({ timeout: 20_000 });
    const statuses = (await watch.seen()).map(({ status }) => status);
    expect(statuses.at(-1)).toBe("failed");
    await opened.page.reload();
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="failed"]`).waitFor();
    expect(opened.complaints).toEqual([]);
  });

  it("[C2] [A4] cannot keep the result: the credits come back, the card says so, Recover takes up what was made", async () => {
    await using opened = await openPage(browser, studio.url);
    const before = await client.credits.summary.query();
    const asset = await order(client, {
      queueMs: 0,
      runMs: 200,
      fail: { code: "storage_failed", at: "store", times: 3 },
    });
    expect((await client.credits.summary.query()).held).toBe(before.held + 6);
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="failed"]`).waitFor({ timeout: 40_000 });
    expect(await client.credits.summary.query()).toEqual(before);
    const failed = await client.assets.get.query({ id: asset.id });
    expect(failed.errorCode).toBe("storage_failed");
    expect(failed.lastJob?.recoverable).toBe(true);

    await opened.card(asset.id).getByRole("button", { name: "Recover" }).click();
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="completed"]`).waitFor({ timeout: 20_000 });
    const done = await untilAsset(client, asset.id, ended);
    expect(done.lastJob?.charged).toBe(6);
    expect((await client.credits.summary.query()).balance).toBe(before.balance - 6);
  });
});
