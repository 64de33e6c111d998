import type { Page } from "playwright-core";

export interface Seen {
  readonly status: string | null;
  readonly phase: string | null;
  /** `aria-valuenow` of the progress bar. */
  readonly value: number | null;
  readonly text: string;
}

/**
 * Notes every state a card passes through, from inside the page: a test that looks from outside misses what lasts for
 * one frame. Begins before the card exists.
 */
export async function watchCard(
  page: Page,
  assetId: string,
): Promise<{ readonly seen: () => Promise<readonly Seen[]> }> {
  await page.evaluate((id) => {
    const notes: Seen[] = [];
    const look = (): void => {
      const card = document.querySelector<HTMLElement>(`[data-asset-id="${id}"]`);
      if (card === null) return;
      const bar = card.querySelector("[role=progressbar]");
      const value = bar?.getAttribute("aria-valuenow") ?? null;
      const now = {
        status: card.dataset["status"] ?? null,
        phase: card.querySelector<HTMLElement>("[data-phase]")?.dataset["phase"] ?? null,
        value: value === null ? null : Number(value),
        text: card.textContent ?? "",
      };
      const last = notes.at(-1);
      if (last === undefined || last.status !== now.status || last.phase !== now.phase || last.value !== now.value)
        notes.push(now);
    };
    const all = ((globalThis as unknown as { watched?: Record<string, Seen[]> }).watched ??= {});
    all[id] = notes;
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    look();
  }, assetId);
  return {
    seen: () =>
      page.evaluate((id) => (globalThis as unknown as { watched: Record<string, Seen[]> }).watched[id] ?? [], assetId),
  };
}
