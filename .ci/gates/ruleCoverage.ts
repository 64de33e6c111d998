import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandResult } from "../runCommand.ts";
import { ROOT } from "../root.ts";

const SPEC = "packages/lifecycle/SPEC.md";
const TESTS = ["{packages,apps}/*/src/**/*.test.{ts,tsx}", "{packages,apps}/*/src/**/testing/**/*.ts"];
const STATED = /\*\*([A-Z]\d+)\*\*/g;
/** The name in `it("…", `, `test.each(table)("…", ` or ``describe(`…`, ``. */
const NAME = /\b(?:it|test|describe)(?:\.(?!each)\w+)*(?:\.each\([\s\S]*?\))?\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/g;
const NAMED = /\[([A-Z]\d+)\]/g;

/** A rule that no test names is a wish; a test that names a rule nobody stated points nowhere. */
export function ruleCoverage(): CommandResult {
  const stated = new Set(matches(readFileSync(join(ROOT, SPEC), "utf8"), STATED, 1));
  const named = new Set(
    globSync(TESTS, { cwd: ROOT, exclude: (path) => path.includes("node_modules") })
      .flatMap((file) => matches(readFileSync(join(ROOT, file), "utf8"), NAME, 2))
      .flatMap((name) => matches(name, NAMED, 1)),
  );
  const untested = [...stated].filter((rule) => !named.has(rule));
  const unstated = [...named].filter((rule) => !stated.has(rule));
  const complaints = [
    stated.size === 0 ? `${SPEC} states no rule like **J1**.` : null,
    untested.length > 0
      ? `Rules without a test that names them, as in it("[${untested[0]}] …"): ${untested.join(", ")}`
      : null,
    unstated.length > 0 ? `Named by tests but not stated in ${SPEC}: ${unstated.join(", ")}` : null,
  ].filter((complaint) => complaint !== null);
  return { ok: complaints.length === 0, output: complaints.map((line) => `${line}\n`).join("") };
}

function matches(text: string, pattern: RegExp, group: number): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[group] ?? "");
}
