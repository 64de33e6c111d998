import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openTemplate } from "./openTemplate.ts";
import { playLife } from "./playLife.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const LIVES = 2_000;
/** For what hangs, not for what is slow on a busy machine. */
const PATIENCE_MS = 20 * 60_000;

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
    "[J6] [J8] [J9] [P1] [P2] [C2] [C3] [C4] [E2] [E3] [E5] [A2] hold in two thousand lives of crashes, losses and repeats",
    async () => {
      const { code, output } = await simulate(["--runs", String(LIVES), "--seed", "1"]);
      expect(output).toMatch(/lives +2,000\n +broken +0\n/);
      expect(code).toBe(0);
    },
    PATIENCE_MS,
  );
});

function simulate(args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const options = { timeout: PATIENCE_MS, maxBuffer: 100_000_000 };
    const child = execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (child.exitCode ?? 1), output: `${stdout}${stderr}` });
    });
  });
}
