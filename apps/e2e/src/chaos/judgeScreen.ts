import { setTimeout as delay } from "node:timers/promises";
import { readCards } from "../harness/readCards.ts";
import { judgeCards } from "./judgeCards.ts";
import { judgeFrame } from "./judgeFrame.ts";
import type { Language } from "@reelstate/lifecycle";
import type { OpenedPage } from "../harness/openPage.ts";
import type { ShownFrame } from "./judgeFrame.ts";
import type { Finding } from "../storm/Finding.ts";
import type { Evidence } from "../storm/readEvidence.ts";

type Truth = Pick<Evidence, "assets" | "credits">;

/** For a page that never gets there; a missed event is noticed within five seconds (E2). */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 250;
/** Room for every card there may be, because only what is near the window is drawn: two to a row, or more. */
const ROW_PX = 300;
const LEAST_IN_ROW = 2;
const ROWS_MORE = 3;

/** U5, U6: a page that was open all the time, and was not touched since, shows what the studio says now. */
export async function judgeScreen(
  { page }: Pick<OpenedPage, "page">,
  truth: Truth,
  language: Language,
): Promise<readonly Finding[]> {
  const rows = Math.ceil(truth.assets.length / LEAST_IN_ROW) + ROWS_MORE;
  const width = page.viewportSize()?.width ?? 1_280;
  await page.setViewportSize({ width, height: ROW_PX * rows });
  let found: readonly Finding[] = [];
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    const [frame, cards] = [await readFrame(page), await readCards(page)];
    found = [...judgeFrame(frame, truth.credits), ...judgeCards(cards, truth.assets, language)];
    if (found.length === 0) break;
    await delay(LOOK_EVERY_MS);
  }
  return found;
}

function readFrame(page: OpenedPage["page"]): Promise<ShownFrame> {
  return page.evaluate(() => ({
    connection: document.querySelector<HTMLElement>("[data-connection]")?.dataset["connection"],
    trouble: document.querySelector<HTMLElement>("[data-trouble]")?.dataset["trouble"],
    credits: document.querySelector<HTMLElement>("[data-credits]")?.dataset["credits"],
    queue: document.querySelector<HTMLElement>("[data-queue-count]")?.dataset["queueCount"],
  }));
}
