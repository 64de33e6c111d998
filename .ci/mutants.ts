// `pnpm test:mutants`: breaks the code in every way of the table, one at a time, and shows that a test notices each. No file
// is changed: a mutant is put into the source as the test loads it.
//
//   --only "words"   only those whose name, rule or file has the words in it
import { parseArgs } from "node:util";
import { MUTANTS } from "./mutants/mutants.ts";
import { proveMutants } from "./mutants/proveMutants.ts";
import { titleOf } from "./mutants/titleOf.ts";
import { seconds } from "./seconds.ts";

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = values.only?.toLowerCase() ?? "";
const chosen = MUTANTS.filter((mutant) => `${titleOf(mutant)} ${mutant.file}`.toLowerCase().includes(wanted));
if (chosen.length === 0) {
  console.error(`No mutant has “${values.only}” in its name, rule or file.`);
  process.exit(1);
}

const startedAt = performance.now();
const verdicts = await proveMutants(chosen, {
  atOnce: 2,
  toldUnbroken: (file, ms) => console.log(`unbroken  ${seconds(ms).padStart(7)}  ${file}`),
  told: ({ mutant, killed, how }, ms) => {
    console.log(`${killed ? "killed  " : "SURVIVED"}  ${seconds(ms).padStart(7)}  ${titleOf(mutant)}`);
    console.log(`                     ${how.replaceAll("\n", "\n                     ")}`);
  },
});
const killed = verdicts.filter((verdict) => verdict.killed).length;
const survived = verdicts.filter((verdict) => !verdict.killed);
if (survived.length > 0) {
  console.log("\nA survivor is a missing test, or a row that no longer fits:");
  for (const { mutant } of survived) console.log(`  ${titleOf(mutant)}`);
  process.exitCode = 1;
}
console.log(`\nin ${seconds(performance.now() - startedAt)}`);
console.log(`${killed} killed, ${survived.length} survived`);
