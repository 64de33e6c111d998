import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { startStudio } from "../harness/startStudio.ts";
import { ended, order, studioClient, untilAsset } from "../harness/studioClient.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { Browser } from "playwright-core";
import type { Studio } from "../harness/startStudio.ts";

describe("a studio whose folder somebody has meddled with", () => {
  let studio: Studio;
  let browser: Browser;
  let kept: Asset;
  let lost: Asset;

  beforeAll(async () => {
    [studio, browser] = await Promise.all([startStudio(), launchBrowser()]);
    const client = studioClient(studio.url);
    const made = [
      await order(client, { queueMs: 0, runMs: 10 }),
      await order(client, { queueMs: 0, runMs: 10 }),
    ] as const;
    kept = await untilAsset(client, made[0].id, ended);
    lost = await untilAsset(client, made[1].id, ended);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await studio[Symbol.asyncDispose]();
  });

  it("[K1] finds it on the health page, mends what can be mended, and open pages show that at once", async () => {
    await using library = await openPage(browser, studio.url);
    await library.card(kept.id).waitFor();
    // What fades in has too little contrast until it is there.
    await using opened = await openPage(browser, studio.url, { reducedMotion: "reduce" });
    const { page } = opened;
    await page.getByRole("button", { name: "Models and settings" }).click();
    await page.getByRole("link", { name: "Health check" }).click();
    await page.getByRole("button", { name: "Check now" }).click();
    await page.locator("[data-health=well]").waitFor();

    await meddle();
    await library.page.reload();
    await library.page.locator("[data-credits='995']").waitFor();
    await page.getByRole("button", { name: "Check now" }).click();
    await page.locator("[data-health=found]").waitFor();
    const findings = page.locator("[data-finding]");
    const found = await findings.evaluateAll((rows) => rows.map((row) => row.getAttribute("data-finding")));
    expect(found).toEqual(["ledger_sum_wrong", "file_missing"]);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);

    await page.getByRole("button", { name: "Repair" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Repair" }).click();
    await page.getByText(/^1 thing was put right/).waitFor();
    expect(await findings.count()).toBe(1);
    expect(await findings.first().textContent()).toContain("A file is gone.");
    // The other page was told that the feed begins anew, and asked again.
    await library.page.locator("[data-credits='988']").waitFor();
    expect([...opened.complaints, ...library.complaints]).toEqual([]);
  });

  /** A wrong balance, and a file that is gone. */
  async function meddle(): Promise<void> {
    const db = new DatabaseSync(join(studio.dataDir, "reelstate.sqlite"));
    db.exec("UPDATE workspace SET balance = balance + 7");
    db.close();
    const key = lost.currentVersion.media?.url.replace("/media/", "") ?? "";
    await rm(join(studio.dataDir, "media", key.slice(0, 2), key));
  }
});
