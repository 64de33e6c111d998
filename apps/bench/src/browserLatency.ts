import { chromium } from "playwright-core";
import sparticuz from "@sparticuz/chromium";
import type { Page } from "playwright-core";

export interface BrowserLatency {
  /** From pressing Generate to the skeleton in the page. */
  readonly skeletonMs: readonly number[];
  /** From the commit of a transition (its event's `at`) to the changed card in the page. */
  readonly changeMs: readonly number[];
}

export interface Mark {
  readonly id: string;
  readonly status: string;
  readonly at: number;
}

/** Measured inside the page, in Chromium, with the studio's own clock on the same machine. */
export async function browserLatency(url: string, rounds: number): Promise<BrowserLatency> {
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? (await sparticuz.executablePath()),
    args: ["--no-sandbox", "--disable-gpu", "--headless=shell"],
  });
  try {
    const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole("textbox", { name: "Prompt" }).waitFor();
    await mark(page);
    const skeletonMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) skeletonMs.push(await pressGenerate(page, round));
    const changeMs = await followOrders(page, url, rounds);
    return { skeletonMs, changeMs };
  } finally {
    await browser.close();
  }
}

/** Notes when each card first shows each status, in epoch milliseconds. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => {
    const marks: Mark[] = [];
    const known = new Set<string>();
    Object.assign(globalThis, { marks });
    const look = (): void => {
      for (const card of document.querySelectorAll<HTMLElement>("[data-asset-id]")) {
        const id = card.dataset["assetId"] ?? "";
        const status = card.dataset["status"] ?? "";
        if (known.has(`${id} ${status}`)) continue;
        known.add(`${id} ${status}`);
        marks.push({ id, status, at: performance.timeOrigin + performance.now() });
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    look();
  });
}

async function marksOf(page: Page): Promise<readonly Mark[]> {
  return page.evaluate(() => (globalThis as unknown as { marks: Mark[] }).marks);
}

async function pressGenerate(page: Page, round: number): Promise<number> {
  const before = new Set((await marksOf(page)).map(({ id }) => id));
  await page.getByRole("textbox", { name: "Prompt" }).fill(`A lighthouse in fog, take ${round}`);
  const button = page.getByRole("button", { name: "Generate" });
  await page.waitForTimeout(400);
  const pressedAt = await button.evaluate((element: HTMLButtonElement) => {
    const at = performance.timeOrigin + performance.now();
    element.click();
    return at;
  });
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const found = (await marksOf(page)).find(({ id }) => !before.has(id));
    if (found !== undefined) return found.at - pressedAt;
    await page.waitForTimeout(20);
  }
  throw new Error("no card appeared");
}

async function followOrders(page: Page, url: string, rounds: number): Promise<readonly number[]> {
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const answer = await call(url, "assets.create", {
      type: "image",
      prompt: "x",
      model: "sim/image",
      params: { script: { queueMs: 0, runMs: 50 } },
    });
    const id = answer.assets[0]?.id ?? "";
    await page.locator(`[data-asset-id="${id}"][data-status="completed"]`).waitFor({ timeout: 20_000 });
    const history = await fetch(`${url}/trpc/assets.history?input=${encodeURIComponent(JSON.stringify({ id }))}`).then(
      (reply) => reply.json(),
    );
    waits.push(...waitsOf(history.result.data.transitions, await marksOf(page), id));
  }
  return waits;
}

const STATUSES = ["pending", "processing", "completed"];

/** A state that was shown late, together with the next, was waited for until then, and is not left out. */
export function waitsOf(
  transitions: readonly { readonly to: string; readonly at: number }[],
  marks: readonly Mark[],
  id: string,
): readonly number[] {
  const place = (status: string): number => STATUSES.indexOf(status);
  return transitions.map(({ to, at }) => {
    const shown = marks.find((one) => one.id === id && place(one.status) >= place(to));
    if (shown === undefined) throw new Error(`${id} was never shown ${to}.`);
    return shown.at - at;
  });
}

async function call(
  url: string,
  path: string,
  input: unknown,
): Promise<{ readonly assets: readonly { readonly id: string }[] }> {
  const reply = await fetch(`${url}/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  const answer = (await reply.json()) as { result: { data: { assets: { id: string }[] } } };
  return answer.result.data;
}
