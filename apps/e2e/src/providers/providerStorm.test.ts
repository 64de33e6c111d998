import { describe, expect, it } from "vitest";
import { runStorm } from "../storm/runStorm.ts";

describe("a storm over fal, Replicate and ComfyUI", () => {
  it(
    "[A1] [A5] [C2] [C3] [C4] [J6] [J7] [P1] [P2] [P3] [P6] kill -9 and faulty providers: nothing lost, nothing stuck, nothing paid twice",
    { timeout: 600_000 },
    async () => {
      const report = await runStorm({ seed: 7, killingMs: 7_000, providers: true });
      expect(report.findings).toEqual([]);
      // That it was a storm at all, and hit something.
      expect(report.kills).toBeGreaterThanOrEqual(5);
      expect(report.submits).toBeGreaterThanOrEqual(5);
      expect(report.losses).toBeGreaterThan(0);
    },
  );
});
