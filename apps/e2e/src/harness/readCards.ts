import type { Page } from "playwright-core";

/** A card as it stands on the screen. */
export interface ShownCard {
  readonly id: string;
  readonly status: string | null;
  /** What a screen reader calls it: name, type, state. */
  readonly name: string;
  readonly text: string;
  readonly phase: string | null;
  readonly pictures: readonly string[];
}

/** All cards that are drawn, in the order of the page. The gallery draws what is near the window: make it tall enough. */
export function readCards(page: Page): Promise<readonly ShownCard[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-index]")]
      .toSorted((one, other) => Number(one.dataset["index"]) - Number(other.dataset["index"]))
      .map((place) => {
        const card = place.querySelector<HTMLElement>("[data-asset-id]");
        return {
          id: card?.dataset["assetId"] ?? "",
          status: card?.dataset["status"] ?? null,
          name: card?.querySelector("[data-card-link]")?.getAttribute("aria-label") ?? "",
          text: card?.textContent ?? "",
          phase: card?.querySelector<HTMLElement>("[data-phase]")?.dataset["phase"] ?? null,
          pictures: [...(card?.querySelectorAll("img") ?? [])].map((picture) => picture.src),
        };
      }),
  );
}
