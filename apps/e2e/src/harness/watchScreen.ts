import type { Page } from "playwright-core";

/** What a page has shown since it was watched. */
export interface Shown {
  /** By asset, the states that its card went through. */
  readonly statuses: Readonly<Record<string, readonly string[]>>;
  /** Cards that were there and then were not. */
  readonly lost: readonly string[];
  /** How the page said it was connected, in order. */
  readonly connections: readonly string[];
  /** Alarms and messages: what went wrong, in words. */
  readonly said: readonly string[];
}

/**
 * Notes from inside the page whatever it shows, also what lasts for one frame only. The gallery draws what is near the window: make
 * it tall enough, or cards count as lost.
 */
export async function watchScreen(page: Page): Promise<{ readonly shown: () => Promise<Shown> }> {
  await page.evaluate(() => {
    const statuses: Record<string, string[]> = {};
    const [lost, connections, said]: string[][] = [[], [], []] as string[][];
    const note = (notes: string[] | undefined, value: string | undefined): void => {
      if (notes !== undefined && value !== undefined && notes.at(-1) !== value) notes.push(value);
    };
    const look = (): void => {
      const there = new Set<string>();
      for (const card of document.querySelectorAll<HTMLElement>("[data-asset-id]")) {
        const id = card.dataset["assetId"] ?? "";
        there.add(id);
        note((statuses[id] ??= []), card.dataset["status"]);
      }
      for (const id of Object.keys(statuses)) if (!there.has(id)) note(lost, id);
      note(connections, document.querySelector<HTMLElement>("[data-connection]")?.dataset["connection"]);
      for (const alarm of document.querySelectorAll('[role="alert"], section[aria-live="polite"]'))
        if (alarm.textContent !== "") note(said, alarm.textContent);
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    look();
    (globalThis as unknown as { screenShown: Shown }).screenShown = {
      statuses,
      lost: lost ?? [],
      connections: connections ?? [],
      said: said ?? [],
    };
  });
  return { shown: () => page.evaluate(() => (globalThis as unknown as { screenShown: Shown }).screenShown) };
}
