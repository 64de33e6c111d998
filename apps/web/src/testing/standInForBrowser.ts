import { vi } from "vitest";

/** What jsdom leaves out and a screen asks for: a canvas that paints nothing, a window of one size, no preferences. */
export function standInForBrowser(): void {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
}
