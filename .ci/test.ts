// `pnpm test`: the one command that says whether this repository holds. It builds the programs, passes the gates (each
// counts as one test), breaks the code in eight ways that a test must notice, and runs every package's suite; its last
// line is the sum.
//
//   --model   only the [model] tests of every package
//   --e2e     only the built program in a browser
import { parseArgs } from "node:util";
import { buildPrograms } from "./buildPrograms.ts";
import { GATES } from "./gates/gates.ts";
import { runGate } from "./gates/runGate.ts";
import { mutantsStep } from "./mutants/mutantsStep.ts";
import { endCommandsWithUs } from "./runCommand.ts";
import type { NamedResult, Step } from "./runSteps.ts";
import { runSteps } from "./runSteps.ts";
import { runSuite } from "./suites/runSuite.ts";
import { workspacePackages } from "./workspacePackages.ts";

const { values: only } = parseArgs({ options: { model: { type: "boolean" }, e2e: { type: "boolean" } } });

endCommandsWithUs();
const script = only.model === true ? "test:model" : "test";
const suites = workspacePackages().filter(({ scripts }) => script in scripts);
const suiteSteps = (wanted: typeof suites): Step[] =>
  wanted.map((suite) => ({ name: suite.suite, run: () => runSuite(suite, { script }) }));
const ALONE: ReadonlySet<string> = new Set(["simulation", "e2e"]);
const isAlone = ({ suite }: (typeof suites)[number]): boolean => ALONE.has(suite);

const results: NamedResult[] = [];
results.push(...(await runSteps([{ name: "build", run: () => runGate({ name: "build", check: buildPrograms }) }], 1)));
if (only.model !== true && only.e2e !== true) {
  results.push(
    ...(await runSteps(
      GATES.map((gate) => ({ name: gate.name, run: () => runGate(gate) })),
      2,
    )),
  );
  results.push(...(await runSteps([{ name: "mutants", run: mutantsStep }], 1)));
}
if (only.e2e !== true) results.push(...(await runSteps(suiteSteps(suites.filter((suite) => !isAlone(suite))), 2)));
// The simulation takes every core there is, and the browser measures what people feel: nothing else runs beside them.
const alone = suites.filter((suite) => isAlone(suite) && (only.e2e !== true || suite.suite === "e2e"));
results.push(...(await runSteps(suiteSteps(alone), 1)));

const skipped = results.flatMap(({ name, skipped: names }) => names.map((test) => `      ${name}: ${test}`));
if (skipped.length > 0) console.log(`\n${skipped.length} skipped:\n${skipped.join("\n")}`);
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
if (failed > 0)
  console.log(
    `\nFailed: ${results
      .filter(({ ok }) => !ok)
      .map(({ name }) => name)
      .join(", ")}`,
  );
console.log(`\n${passed} passed, ${failed} failed`);
if (failed > 0 || results.some(({ ok }) => !ok)) process.exitCode = 1;
