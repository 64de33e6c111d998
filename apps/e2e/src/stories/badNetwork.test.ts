import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { startStudio } from "../harness/startStudio.ts";
import { order, studioClient } from "../harness/studioClient.ts";
import { tamperingProxy, transitionIn } from "../harness/tamperingProxy.ts";
import type { Browser } from "playwright-core";
import type { OpenedPage } from "../harness/openPage.ts";
import type { Studio } from "../harness/startStudio.ts";
import type { StudioClient } from "../harness/studioClient.ts";
import type { TamperingProxy } from "../harness/tamperingProxy.ts";

/** E5 in a real browser, over a real stream that lies. */
describe("a network that loses, doubles and reorders", () => {
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

  it("[E2] [E5] the last event is lost: the head that follows tells, and the page ends in the truth", async () => {
    let lost = 0;
    await using proxy = await tamperingProxy(studio.url, (message) => {
      if (transitionIn(message) !== "completed" || lost > 0) return [message];
      lost += 1;
      return [];
    });
    await using opened = await openListening(proxy);
    const asset = await order(client, { queueMs: 0, runMs: 300 });
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="completed"]`).waitFor({ timeout: 20_000 });
    expect(lost).toBe(1);
  });

  it("[E2] [E5] an event in the middle is lost: the gap is seen", async () => {
    let lost = 0;
    await using proxy = await tamperingProxy(studio.url, (message) => {
      if (transitionIn(message) !== "processing" || lost > 0) return [message];
      lost += 1;
      return [];
    });
    await using opened = await openListening(proxy);
    const asset = await order(client, { queueMs: 0, runMs: 12_000 });
    await opened.page.locator(`[data-asset-id="${asset.id}"][data-status="processing"]`).waitFor({ timeout: 9_000 });
    expect(lost).toBe(1);
    await client.assets.delete.mutate({ id: asset.id });
    await opened.card(asset.id).waitFor({ state: "detached", timeout: 10_000 });
  });

  it("[E2] [E5] every event comes twice, the second time after the next one: nothing goes back", async () => {
    let before: string | null = null;
    await using proxy = await tamperingProxy(studio.url, (message) => {
      if (transitionIn(message) === null) return [message];
      const late = before;
      before = message;
      return late === null ? [message, message] : [message, late, message];
    });
    await using opened = await openListening(proxy);
    const assets = await Promise.all(Array.from({ length: 4 }, () => order(client, { queueMs: 0, runMs: 300 })));
    for (const { id } of assets) {
      await opened.page.locator(`[data-asset-id="${id}"][data-status="completed"]`).waitFor({ timeout: 20_000 });
    }
    await opened.page.waitForTimeout(500);
    for (const { id } of assets) expect(await opened.card(id).getAttribute("data-status")).toBe("completed");
    expect(proxy.heard.filter((message) => transitionIn(message) !== null).length).toBeGreaterThan(8);
  });

  it("[E5] events come in the wrong order, two by two: the page ends in the truth", async () => {
    let held: string | null = null;
    await using proxy = await tamperingProxy(studio.url, (message) => {
      if (transitionIn(message) === null) return [message];
      if (held === null) {
        held = message;
        return [];
      }
      const pair = [message, held];
      held = null;
      return pair;
    });
    await using opened = await openListening(proxy);
    const assets = await Promise.all(Array.from({ length: 5 }, () => order(client, { queueMs: 0, runMs: 400 })));
    for (const { id } of assets) {
      await opened.page.locator(`[data-asset-id="${id}"][data-status="completed"]`).waitFor({ timeout: 25_000 });
    }
    expect(proxy.heard.filter((message) => transitionIn(message) !== null).length).toBeGreaterThanOrEqual(15);
  });

  /** A page whose stream has begun: what happens from here on comes to it as events. */
  async function openListening(proxy: TamperingProxy): Promise<OpenedPage> {
    const opened = await openPage(browser, proxy.url);
    await expect
      .poll(() => proxy.heard.some((message) => message.includes('"kind":"head"')), { timeout: 15_000 })
      .toBe(true);
    return opened;
  }
});
