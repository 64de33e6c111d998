import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { simulatorLog } from "../harness/simulatorLog.ts";
import { startStudio } from "../harness/startStudio.ts";
import { ended, order, studioClient, untilAsset } from "../harness/studioClient.ts";

const PATIENCE_MS = 90_000;
const ROOM_BYTES = 8_000_000;

it(
  "[J5] [P1] [P6] no file may grow any more: the page says that the disk is full, nothing more is bought, what is there stays to the bit, and with room it goes on by itself",
  { timeout: 300_000 },
  async () => {
    await using studio = await startStudio({}, { fileBytes: ROOM_BYTES });
    await using browser = await openBrowser();
    const client = studioClient(studio.url);
    await using english = await openPage(browser.browser, studio.url);
    await using chinese = await openPage(browser.browser, studio.url, { locale: "zh-CN" });
    const kept = await order(client, { queueMs: 0, runMs: 0 });
    const before = await untilAsset(client, kept.id, ended, PATIENCE_MS);
    const film = await order(client, { queueMs: 0, runMs: 0 }, { type: "video" });
    await untilAsset(client, film.id, ended, PATIENCE_MS);
    const stored = await hashesIn(join(studio.dataDir, "media"));
    // Media, poster and thumbnail of a film; a picture is its own poster.
    expect(stored.size).toBeGreaterThanOrEqual(5);
    expect(await english.page.locator("[data-trouble=none]").count()).toBe(1);

    const large = await order(client, { queueMs: 0, runMs: 0, outputBytes: ROOM_BYTES + 1_000_000 });
    await untilAsset(client, large.id, ({ liveJob }) => liveJob?.failures === 1, PATIENCE_MS);
    const inLine = await order(client, { queueMs: 0, runMs: 0 });
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

    expect((await client.assets.get.query({ id: inLine.id })).liveJob).toMatchObject({ phase: "queued", attempt: 0 });
    expect(simulatorLog(studio).filter(({ op }) => op === "submit")).toHaveLength(3);
    expect([...(await hashesIn(join(studio.dataDir, "media")))]).toEqual(expect.arrayContaining([...stored]));

    await studio.kill9();
    await studio.start();
    const done = await untilAsset(client, large.id, ended, PATIENCE_MS);
    expect(done).toMatchObject({ status: "completed", currentVersion: { media: { bytes: ROOM_BYTES + 1_000_000 } } });
    const { transitions } = await client.assets.history.query({ id: large.id });
    expect(transitions.map(({ code }) => code)).toContain("storage_failed");
    expect(await untilAsset(client, inLine.id, ended, PATIENCE_MS)).toMatchObject({ status: "completed" });
    expect(simulatorLog(studio).filter(({ op }) => op === "submit")).toHaveLength(4);
    expect([...(await hashesIn(join(studio.dataDir, "media")))]).toEqual(expect.arrayContaining([...stored]));
    for (const { page } of [english, chinese])
      await page.locator("[data-trouble=none]").waitFor({ state: "attached", timeout: PATIENCE_MS });
  },
);

/** The hash of every file there, by its path. */
async function hashesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const hashed = files.map(async (path) => [
    path,
    createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
  ]);
  return new Map((await Promise.all(hashed)) as [string, string][]);
}

async function openBrowser() {
  const browser = await launchBrowser();
  return { browser, [Symbol.asyncDispose]: () => browser.close() };
}
