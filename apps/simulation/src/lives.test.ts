import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openTemplate } from "./openTemplate.ts";
import { playLife } from "./playLife.ts";
import { PATIENCE_MS, runProgram } from "./testing/runProgram.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const LIVES = 2_000;

describe("simulated lives", () => {
  it("are the same whenever a seed is played, whatever was played before", async () => {
    using template = await openTemplate();
    const first = await playLife(template, 7);
    const other = await playLife(template, 8);
    const again = await playLife(template, 7);
    expect(again).toEqual(first);
    expect(other.trace).not.toBe(first.trace);
  }, 120_000);

  it(
    "[J6] [J8] [J9] [P1] [P2] [C2] [C3] [C4] [E2] [E3] [E5] [A2] [A8] [P7] hold in two thousand lives of crashes, losses and repeats",
    async () => {
      const { code, stdout } = await runProgram(MAIN, ["--runs", String(LIVES), "--seed", "1"]);
      expect(stdout).toMatch(/lives +2,000\n +broken +0\n/);
      // A janitor has cleaned away what browsers had not heard yet, and files of attempts that came to nothing.
      expect(stdout).toMatch(/streams reset +[1-9]\d*\n +files collected +[1-9]/);
      expect(code).toBe(0);
    },
    PATIENCE_MS,
  );
});
