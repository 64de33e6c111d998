import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PATIENCE_MS, runProgram } from "../testing/runProgram.ts";
import type { Ran } from "../testing/runProgram.ts";

const STUDIO = fileURLToPath(new URL("../../../server/src/studio.ts", import.meta.url));
const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const BROKEN = fileURLToPath(new URL("../testing/brokenMain.ts", import.meta.url));

const studio = (...args: readonly string[]): Promise<Ran> => runProgram(STUDIO, ["simulate", ...args]);
const main = (...args: readonly string[]): Promise<Ran> => runProgram(MAIN, args);
const broken = (...args: readonly string[]): Promise<Ran> => runProgram(BROKEN, args);

describe("npx pnpm studio simulate", { timeout: PATIENCE_MS }, () => {
  it("plays as many lives as it is told to, prints what they came to, and ends with 0", async () => {
    const { code, stdout, stderr } = await studio("--runs", "5", "--seed", "1");
    expect(stderr).toBe("");
    expect(rowsOf(stdout)).toEqual({
      lives: "5",
      broken: "0",
      "virtual hours": expect.stringMatching(/^\d+\.\d$/),
      deaths: expect.stringMatching(SOME),
      jobs: expect.stringMatching(SOME),
      "paid requests": expect.stringMatching(SOME),
      events: expect.stringMatching(SOME),
      effects: expect.stringMatching(SOME),
      "cards drawn": expect.stringMatching(SOME),
      "streams reset": expect.stringMatching(/^\d+$/),
      "files collected": expect.stringMatching(/^\d+$/),
      "wall seconds": expect.stringMatching(SOME),
      "CPU seconds": expect.stringMatching(SOME),
      "CPU ms a life": expect.stringMatching(SOME),
    });
    expect(code).toBe(0);
  });

  it("tells one life line by line, the same to the last byte each time, and ends with 0", async () => {
    const [first, again] = await Promise.all([studio("--story", "--seed", "3"), main("--story", "--seed", "3")]);
    expect(first.stdout).toMatch(/^ +0\.000 s {2}studio\S* +starts/m);
    expect(first.stdout).toMatch(/\n\nSeed 3: everything held\.\n$/);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(again).toEqual(first);
  });

  it("ends with 1 when a life broke a rule, naming the first such seed, what broke, and the command to see it", async () => {
    const { code, stdout } = await broken("--runs", "2", "--seed", "3");
    expect(rowsOf(stdout)).toMatchObject({ lives: "2", broken: "2" });
    expect(stdout).toMatch(/\n\nSeed 3 broke:\n {2}\[P1\] \S+ was submitted without its intent\n/);
    expect(stdout).toMatch(/\nPlay it again: npx pnpm studio simulate --story --seed 3\n$/);
    expect(code).toBe(1);
  });

  it("tells a broken life the same to the last byte each time, what broke in it too, and as many lives told it", async () => {
    const story = ["--story", "--seed", "3"];
    const [first, again, many] = await Promise.all([
      broken(...story),
      broken(...story),
      broken("--seed", "3", "--runs", "2"),
    ]);
    expect(first.stdout).toMatch(/ s {2}judge +P1 +\S+ was submitted without its intent\n/);
    expect(first).toMatchObject({ code: 1, stderr: "" });
    expect(again).toEqual(first);
    expect(verdictOf(many)).toBe(verdictOf(first));
  });

  it("says what is wrong with how it was asked, and how to ask", async () => {
    const { code, stdout, stderr } = await main("--runs", "none");
    expect(stderr).toMatch(/^--runs must be a whole number from 1, and was "none"\.\n\nPlays whole lives/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(await main("--help")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Plays whole lives/) });
  });
});

/** Not nothing. */
const SOME = /^[\d,.]*[1-9][\d,.]*$/;

function rowsOf(stdout: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...stdout.matchAll(/^ {2}(\w[\w ]*\w) {2,}([\d,.]+)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

/** From the seed on: what broke, and how to play it again. */
function verdictOf({ stdout }: Ran): string {
  return stdout.slice(stdout.indexOf("\nSeed 3 broke:"));
}
