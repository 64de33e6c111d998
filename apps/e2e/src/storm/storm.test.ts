import { describe, expect, it } from "vitest";
import { runStorm } from "./runStorm.ts";

describe("a storm", () => {
  it(
    "[A1] [A5] [C2] [C3] [C4] [J6] [P1] [P2] [P6] twenty seconds of kill -9: nothing lost, nothing stuck, nothing paid twice",
    { timeout: 600_000 },
    async () => {
      const report = await runStorm({ seed: 7, killingMs: 20_000 });
      expect(report.findings).toEqual([]);
      // That it was a storm at all, and hit something: it goes on until it was and did, on a slow machine too.
      expect(report.kills).toBeGreaterThanOrEqual(5);
      expect(report.submits).toBeGreaterThanOrEqual(10);
      expect(report.losses).toBeGreaterThan(0);
    },
  );
});
