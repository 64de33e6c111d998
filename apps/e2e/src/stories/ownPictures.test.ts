import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { startStudio } from "../harness/startStudio.ts";
import { ended, studioClient, untilAsset } from "../harness/studioClient.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { Browser, Page } from "playwright-core";
import type { OpenedPage } from "../harness/openPage.ts";
import type { Studio } from "../harness/startStudio.ts";
import type { StudioClient } from "../harness/studioClient.ts";

const media = (name: string): string =>
  fileURLToPath(new URL(`../../../server/src/testing/media/${name}`, import.meta.url));

/** Real photographs, with the faults real files have, through the page. */
describe("pictures of one's own", () => {
  let studio: Studio;
  let browser: Browser;
  let client: StudioClient;
  let opened: OpenedPage;

  beforeAll(async () => {
    [studio, browser] = await Promise.all([startStudio(), launchBrowser()]);
    client = studioClient(studio.url);
    opened = await openPage(browser, studio.url);
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    await browser.close();
    await studio[Symbol.asyncDispose]();
  });

  async function choose(page: Page, name: string): Promise<void> {
    await page.locator("input[type=file]").setInputFiles(media(name));
  }

  async function uploads(): Promise<readonly Asset[]> {
    const { items } = await client.assets.list.query({ limit: 50 });
    return items.filter(({ origin }) => origin === "uploaded");
  }

  it.each([
    ["photo-landscape-6.jpg", "landscape"],
    ["photo-portrait-8.jpg", "portrait"],
    ["photo-broken-exif.jpg", "landscape"],
  ])("%s comes in upright (%s) and is shown upright", async (name, shape) => {
    const before = (await uploads()).length;
    await choose(opened.page, name);
    await expect.poll(async () => (await uploads()).length, { timeout: 20_000 }).toBe(before + 1);
    const [asset] = await uploads();
    const found = asset?.currentVersion.media;
    if (asset === undefined || found === null || found === undefined) throw new Error("the upload has no media");
    expect(found.width > found.height ? "landscape" : "portrait").toBe(shape);
    const image = opened.card(asset.id).locator("img");
    await expect
      .poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth > img.naturalHeight))
      .toBe(shape === "landscape");
    await opened.page
      .getByRole("button", { name: /^Remove / })
      .first()
      .click();
  });

  it("a HEIC is refused with words that say what to do, and nothing is kept", async () => {
    const before = (await uploads()).length;
    await choose(opened.page, "photo-iphone-beginning.heic");
    await expect.poll(() => opened.page.getByText(/JPEG/).first().isVisible(), { timeout: 10_000 }).toBe(true);
    expect((await uploads()).length).toBe(before);
  });

  it("[A7] becomes a picture and a video, moved by the camera, at the shape asked for", async () => {
    const [photo] = await uploads();
    if (photo === undefined) throw new Error("there is no photograph to use");
    const made = await Promise.all(
      (["image", "video"] as const).map(async (type) => {
        const { assets } = await client.assets.create.mutate({
          type,
          prompt: "Slow zoom in",
          inputs: [photo.id],
          params: { aspectRatio: "1:1", resolution: "480p", ...(type === "video" ? { durationMs: 1_000 } : {}) },
        });
        const id = assets[0]?.id;
        if (id === undefined) throw new Error("nothing was created");
        return untilAsset(client, id, ended, 40_000);
      }),
    );
    for (const asset of made) {
      expect(asset.status).toBe("completed");
      expect(asset.currentVersion.media?.width).toBe(asset.currentVersion.media?.height);
      await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="completed"]`).waitFor({ timeout: 20_000 });
    }
    const video = made[1];
    await opened.page.goto(`${studio.url}/a/${video?.id}`);
    const player = opened.page.locator("video").first();
    await expect
      .poll(() => player.evaluate((one: HTMLVideoElement) => one.duration), { timeout: 15_000 })
      .toBeCloseTo(1, 0);
    await player.evaluate((one: HTMLVideoElement) => {
      one.currentTime = 0.7;
    });
    await expect.poll(() => player.evaluate((one: HTMLVideoElement) => one.currentTime)).toBeGreaterThan(0.6);
  });
});
