import { vi } from "vitest";

/** What jsdom leaves out and a screen asks for: a canvas that paints nothing, a window of one size, no preferences. */
export function standInForBrowser(): void {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  for (const [side, pixels] of Object.entries(WINDOW)) {
    vi.spyOn(HTMLElement.prototype, side as keyof typeof WINDOW, "get").mockReturnValue(pixels);
  }
  Object.assign(Element.prototype, { scrollTo() {} });
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly #tell: (entries: readonly unknown[]) => void;

      constructor(tell: (entries: readonly unknown[]) => void) {
        this.#tell = tell;
      }

      observe(): void {
        this.#tell([]);
      }

      unobserve(): void {}
      disconnect(): void {}
    },
  );
}

const WINDOW = { clientWidth: 1_200, offsetWidth: 1_200, clientHeight: 900, offsetHeight: 900 } as const;
