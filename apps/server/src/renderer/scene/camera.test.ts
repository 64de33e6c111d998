import { describe, expect, it } from "vitest";
import { createCamera } from "./camera.ts";
import { MOVES } from "./SceneBrief.ts";

const FRAME = { width: 400, height: 300, focusY: 170 };

describe("the camera", () => {
  for (const move of MOVES) {
    it(`never sees past what was painted: ${move}`, () => {
      for (const durationMs of [1000, 4000, 15_000]) {
        const camera = createCamera({ ...FRAME, move, durationMs });
        for (const depth of [0, 0.3, 0.6, 1]) {
          const margin = camera.margin(depth);
          for (let at = 0; at <= 1; at += 0.01) {
            const { scale, dx, dy } = camera.view(at, depth);
            const left = camera.focusX + dx + scale * (-margin.x - camera.focusX);
            const right = camera.focusX + dx + scale * (FRAME.width + margin.x - camera.focusX);
            const top = camera.focusY + dy + scale * (-margin.y - camera.focusY);
            const bottom = camera.focusY + dy + scale * (FRAME.height + margin.y - camera.focusY);
            expect(Math.max(left, top, FRAME.width - right, FRAME.height - bottom)).toBeLessThanOrEqual(0);
          }
        }
      }
    });
  }

  it("moves what is near further than what is far", () => {
    const camera = createCamera({ ...FRAME, move: "pan-right", durationMs: 4000 });
    const travel = (depth: number): number => camera.view(0, depth).dx - camera.view(1, depth).dx;
    expect(travel(1)).toBeGreaterThan(5 * travel(0));
    expect(travel(0)).toBeGreaterThan(0);
  });

  it("moves the other way when asked to, and not at all in a still", () => {
    const end = (move: (typeof MOVES)[number]): number =>
      createCamera({ ...FRAME, move, durationMs: 4000 }).view(1, 1).dx;
    expect(Math.sign(end("pan-left"))).toBe(-Math.sign(end("pan-right")));
    const still = createCamera({ ...FRAME, move: "orbit", durationMs: 0, still: true });
    expect(still.view(0.8, 1)).toEqual({ scale: 1, dx: 0, dy: 0 });
  });
});
