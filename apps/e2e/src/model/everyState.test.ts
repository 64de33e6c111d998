import { viewOf } from "@reelstate/lifecycle";
import { shortestPaths } from "@reelstate/lifecycle/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { startStudio } from "../harness/startStudio.ts";
import { order, studioClient, untilAsset } from "../harness/studioClient.ts";
import { STAGES } from "./stages.ts";
import type { Asset, Language } from "@reelstate/lifecycle";
import type { Browser, Locator, Page } from "playwright-core";
import type { OpenedPage } from "../harness/openPage.ts";
import type { Studio } from "../harness/startStudio.ts";
import type { StudioClient } from "../harness/studioClient.ts";

const paths = [...shortestPaths().values()].filter(({ key }) => key !== "nothing");

/** Every shortest path to every state that a card can show, through the real server, in a real browser. */
describe("what card and overlay say in every state", () => {
  let browser: Browser;
  let studio: Studio;
  let client: StudioClient;
  let opened: OpenedPage;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    studio = await startStudio({ WORKER_CONCURRENCY: "2", DRAIN_MS: "0" });
    client = studioClient(studio.url);
    opened = await openPage(browser, studio.url);
  });
  afterEach(async () => {
    await opened[Symbol.asyncDispose]();
    await studio[Symbol.asyncDispose]();
  });

  async function occupy(): Promise<void> {
    const busy = await Promise.all([order(client, { hang: true }), order(client, { hang: true })]);
    for (const { id } of busy) await untilAsset(client, id, ({ status }) => status === "processing");
  }

  it("[model] has a stage for every state that the model reaches, and no other", () => {
    expect(Object.keys(STAGES).toSorted()).toEqual(paths.map(({ key }) => key).toSorted());
  });

  it.each(paths.map(({ key, steps }) => [key, steps.join(" → ")] as const))(
    "[model] [U1] [U2] [U3] [U6] %s: %s",
    async (key) => {
      const stage = STAGES[key];
      if (stage === undefined) throw new Error(`no stage for ${key}`);
      const staged = await stage({ client, url: studio.url, occupy });
      const card = opened.card(staged.id);
      await card.waitFor();
      await saysWhatIsTrue(card, staged, "en");
      await switchLanguage(opened.page);
      await saysWhatIsTrue(card, staged, "zh");
      expect(opened.complaints).toEqual([]);
    },
  );

  /** Compared with the asset as the server has it now: `viewOf` is the one source of every word (U6). */
  async function saysWhatIsTrue(card: Locator, staged: Asset, language: Language): Promise<void> {
    const view = viewOf(staged, language);
    await expect.poll(() => card.getAttribute("data-status")).toBe(view.status);
    const overlay = card.locator("[data-phase]");
    if (view.overlay === null) {
      await expect.poll(() => overlay.count()).toBe(0);
      expect(await card.getByRole("progressbar").count()).toBe(0);
    } else {
      await expect.poll(() => overlay.getAttribute("data-phase")).toBe(view.overlay.phase);
      await says(card, view.overlay.title);
      if (view.overlay.attempt !== null) await says(card, view.overlay.attempt);
      if (view.overlay.queue !== null) await says(card, view.overlay.queue);
      if (view.overlay.nextTry !== null) await says(card, view.overlay.nextTry.label);
      await progressIsHonest(card, staged, view.overlay.progress !== null);
    }
    for (const notice of [view.failure, view.cancelled]) {
      if (notice === null) continue;
      await says(card, notice.title);
      await says(card, notice.charged);
    }
    if (view.badge !== null) await says(card, view.badge.label);
    const cancel = view.actions.find(({ type }) => type === "cancel");
    if (view.overlay !== null && cancel !== undefined)
      await card.getByRole("button", { name: cancel.label, exact: true }).waitFor();
    if (view.primaryAction !== null)
      await card.getByRole("button", { name: view.primaryAction.label, exact: true }).waitFor();
  }
});

async function says(card: Locator, words: string): Promise<void> {
  await expect.poll(() => card.textContent()).toContain(words);
}

/** A number only when it was measured; otherwise words, and no value for a screen reader either (U3). */
async function progressIsHonest(card: Locator, staged: Asset, shown: boolean): Promise<void> {
  const bar = card.getByRole("progressbar");
  expect(await bar.count()).toBe(shown ? 1 : 0);
  if (!shown) return;
  const value = await bar.getAttribute("aria-valuenow");
  const text = await bar.getAttribute("aria-valuetext");
  expect(text).not.toBe("");
  if (value === null) return;
  expect(Number(value)).toBeGreaterThanOrEqual(Math.floor((staged.liveJob?.progress.fraction ?? 0) * 100));
  expect(text).toBe(`${value}%`);
}

/** In place: the page is not loaded again. */
async function switchLanguage(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(globalThis, { stillHere: true }));
  await page.getByRole("button", { name: /Language/ }).click();
  await page.getByRole("menuitem", { name: "中文" }).click();
  await expect.poll(() => page.locator("html").getAttribute("lang")).toMatch(/^zh/);
  expect(await page.evaluate(() => (globalThis as unknown as { stillHere?: boolean }).stillHere)).toBe(true);
}
