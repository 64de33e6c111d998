import { expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { simulatorLog } from "../harness/simulatorLog.ts";
import { startStudio } from "../harness/startStudio.ts";
import { ended, order, studioClient, untilAsset } from "../harness/studioClient.ts";

const PATIENCE_MS = 90_000;
const ROOM_BYTES = 8_000_000;

it(
  "[J5] [P1] no file may grow any more: the page says that the disk is full, what is there stays, and with room it goes on by itself",
  { timeout: 300_000 },
  async () => {
    await using studio = await startStudio({}, { fileBytes: ROOM_BYTES });
    await using browser = await openBrowser();
    const client = studioClient(studio.url);
    await using english = await openPage(browser.browser, studio.url);
    await using chinese = await openPage(browser.browser, studio.url, { locale: "zh-CN" });
    const kept = await order(client, { queueMs: 0, runMs: 0 });
    const before = await untilAsset(client, kept.id, ended, PATIENCE_MS);
    expect(await english.page.locator("[data-trouble=none]").count()).toBe(1);

    const large = await order(client, { queueMs: 0, runMs: 0, outputBytes: ROOM_BYTES + 1_000_000 });
    await untilAsset(client, large.id, ({ liveJob }) => liveJob?.failures === 1, PATIENCE_MS);
    await english.page.locator("[data-trouble=disk_full]").waitFor({ timeout: PATIENCE_MS });
    expect(await english.page.getByRole("alert").first().textContent()).toContain("The studio's disk is full");
    await chinese.page.locator("[data-trouble=disk_full]").waitFor({ timeout: PATIENCE_MS });
    expect(await chinese.page.getByRole("alert").first().textContent()).toContain("磁盘已满");
    const ready = await fetch(`${studio.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { ok: false, why: expect.stringContaining("no space left") },
    ]);
    const media = await fetch(new URL(before.currentVersion.media?.url ?? "", studio.url));
    expect((await media.arrayBuffer()).byteLength).toBe(before.currentVersion.media?.bytes);

    await studio.kill9();
    await studio.start();
    const done = await untilAsset(client, large.id, ended, PATIENCE_MS);
    expect(done).toMatchObject({ status: "completed", currentVersion: { media: { bytes: ROOM_BYTES + 1_000_000 } } });
    const { transitions } = await client.assets.history.query({ id: large.id });
    expect(transitions.map(({ code }) => code)).toContain("storage_failed");
    expect(simulatorLog(studio).filter(({ op }) => op === "submit")).toHaveLength(2);
    for (const { page } of [english, chinese])
      await page.locator("[data-trouble=none]").waitFor({ state: "attached", timeout: PATIENCE_MS });
  },
);

async function openBrowser() {
  const browser = await launchBrowser();
  return { browser, [Symbol.asyncDispose]: () => browser.close() };
}
