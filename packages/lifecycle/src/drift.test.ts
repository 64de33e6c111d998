import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { PENDING_PHASES, PROCESSING_PHASES, STATUSES } from "./status.ts";
import { legalTransitions } from "./legalTransitions.ts";
import { stateDiagram } from "./stateDiagram.ts";

const here = fileURLToPath(new URL("..", import.meta.url));

describe("what is generated from the machines", () => {
  it("[model] diagram and SQL files are what the machines say", async () => {
    const { stderr } = await promisify(execFile)("node", ["src/generate.ts", "--check"], { cwd: here });
    expect(stderr).toBe("");
  });

  it("[model] the diagram draws every state and every legal change of status", () => {
    const [, job = "", asset = "", hold = ""] = stateDiagram().split("```mermaid");
    for (const name of [...STATUSES, ...PENDING_PHASES, ...PROCESSING_PHASES])
      expect(job).toMatch(new RegExp(`\\b${name}\\b`));
    for (const [from, to] of legalTransitions().asset) expect(asset).toContain(`  ${from} --> ${to} : `);
    for (const [from, to] of legalTransitions().hold) expect(hold).toContain(`  ${from} --> ${to} : `);
  });

  it("SPEC.md states every rule once, at the beginning of a line", async () => {
    const spec = await readFile(`${here}SPEC.md`, "utf8");
    const rules = [...spec.matchAll(/^\*\*([A-Z]\d+)\*\* /gm)].map(([, rule]) => rule);
    const upTo = (letter: string, last: number) => Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
    expect(rules).toEqual([
      ...upTo("J", 11),
      ...upTo("A", 9),
      ...upTo("C", 5),
      ...upTo("E", 5),
      ...upTo("U", 6),
      ...upTo("P", 8),
      ...upTo("K", 2),
    ]);
  });
});
