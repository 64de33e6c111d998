import { AxeBuilder } from "@axe-core/playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { startStudio } from "../harness/startStudio.ts";
import { ended, order, studioClient, untilAsset } from "../harness/studioClient.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { Browser, Page } from "playwright-core";
import type { Studio } from "../harness/startStudio.ts";

/** What a machine can judge of how it looks: axe, overflow, keyboard. The rest is looked at. */
describe("every room, in both languages and themes, from a phone to a wall", () => {
  let studio: Studio;
  let browser: Browser;
  let done: Asset;

  beforeAll(async () => {
    [studio, browser] = await Promise.all([startStudio(), launchBrowser()]);
    const client = studioClient(studio.url);
    const [first, failed] = await Promise.all([
      order(
        client,
        { queueMs: 0, runMs: 100 },
        { type: "video", prompt: "A lighthouse in fog, the boat comes nearer" },
      ),
      order(client, { fail: { code: "content_policy_input", at: "submit" } }, { prompt: "海边的灯塔，雾气散去" }),
      order(client, { queueMs: 0, runMs: 600_000 }, { prompt: "An old harbour, boats at rest, first snow" }),
    ]);
    done = await untilAsset(client, first.id, ended);
    await untilAsset(client, failed.id, ended);
    const cancelled = await order(client, { hang: true });
    await client.assets.cancel.mutate({ id: cancelled.id });
    await untilAsset(client, cancelled.id, ended);
    await client.assets.regenerate.mutate({ id: done.id, params: { script: { queueMs: 0, runMs: 600_000 } } });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await studio[Symbol.asyncDispose]();
  });

  describe.each([
    ["en-US", "dark", 1280],
    ["en-US", "light", 360],
    ["zh-CN", "light", 1280],
    ["zh-CN", "dark", 360],
  ] as const)("%s, %s, %i px", (locale, colorScheme, width) => {
    const options = { locale, colorScheme, width, reducedMotion: "reduce" } as const;

    it("axe finds nothing in the library, and nothing is cut off", async () => {
      await using opened = await openPage(browser, studio.url, options);
      await opened.card(done.id).waitFor();
      expect(await violations(opened.page)).toEqual([]);
      expect(await overflow(opened.page)).toEqual([]);
      expect(opened.complaints).toEqual([]);
    });

    it("axe finds nothing in the details, and nothing is cut off", async () => {
      await using opened = await openPage(browser, studio.url, options);
      await opened.page.goto(`${studio.url}/a/${done.id}`);
      await opened.page.locator("video").first().waitFor();
      await opened.page.locator("svg[role=img]").first().waitFor();
      expect(await violations(opened.page)).toEqual([]);
      expect(await overflow(opened.page)).toEqual([]);
      expect(opened.complaints).toEqual([]);
    });

    it("axe finds nothing on the page of the health check, and nothing is cut off", async () => {
      await using opened = await openPage(browser, studio.url, options);
      await opened.page.goto(`${studio.url}/health`);
      await opened.page.locator("[data-health]").waitFor();
      await opened.page.locator("[data-health] button").first().click();
      await opened.page.locator("[data-health=well]").waitFor();
      expect(await violations(opened.page)).toEqual([]);
      expect(await overflow(opened.page)).toEqual([]);
      expect(opened.complaints).toEqual([]);
    });
  });

  it("fills a wall of 3840 px without a gap or a scroll bar to the side", async () => {
    await using opened = await openPage(browser, studio.url, { width: 3840, height: 2160 });
    await opened.card(done.id).waitFor();
    expect(await overflow(opened.page)).toEqual([]);
  });

  it("is driven by the keyboard alone: write, generate, walk to a card, open it, come back", async () => {
    await using opened = await openPage(browser, studio.url);
    const { page } = opened;
    await opened.card(done.id).waitFor();
    await page.keyboard.press("c");
    await page.keyboard.type("A paper boat on a flooded street");
    await page.keyboard.press("Control+Enter");
    const made = page.getByRole("link", { name: /A paper boat/ }).first();
    await made.waitFor();
    await page.keyboard.press("Escape");
    await opened.card(done.id).locator("a").first().focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/a/${done.id}`);
    await page.locator("[data-inspector]").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => new URL(page.url()).pathname).toBe("/");
  });
});

async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

/** The page itself never scrolls to the side. */
function overflow(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return wide > 0 ? [`the page is ${wide} px too wide`] : [];
  });
}
