// `pnpm bench`: how fast the studio is, in one run on one machine, engines taking turns, medians and ratios. What it prints is
// Markdown, ready for docs/benchmarks.md.
//
//   (nothing)     the studio itself: about four minutes
//   --engines     beside other engines, on SQLite, PostgreSQL and Redis: about EIGHT minutes
//   --scale       as tables, connections and lookers-on grow: about EIGHT minutes
//   --rounds 1    fewer rounds
//   --cycles 500  fewer jobs in each
//   --sizes 1000,100000   finished jobs in the tables, for --scale
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { compareEngines } from "./engines/compareEngines.ts";
import { measureStudio } from "./measureStudio.ts";
import { measureScale } from "./scale/measureScale.ts";

const { values: given } = parseArgs({
  options: {
    engines: { type: "boolean", default: false },
    scale: { type: "boolean", default: false },
    rounds: { type: "string" },
    cycles: { type: "string" },
    sizes: { type: "string", default: "1000,100000,1000000" },
  },
});

function countOf(name: "rounds" | "cycles", otherwise: number): number {
  const text = given[name];
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--${name} is ${text}: give a whole number, such as ${otherwise}.`);
  return Number(text);
}

function sizes(): readonly number[] {
  const found = given.sizes.split(",").map(Number);
  if (found.every((size, at) => Number.isInteger(size) && size % 100 === 0 && size > (found[at - 1] ?? 0)))
    return found;
  throw new Error(`--sizes is ${given.sizes}: give rising multiples of 100, such as 1000,100000.`);
}

/** Progress goes where it does not mix with what is to be kept. */
function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function run(): Promise<boolean> {
  if (given.engines) {
    tell("About eight minutes on a quiet machine; --rounds and --cycles make it shorter.");
    return compareEngines({ rounds: countOf("rounds", 5), cycles: countOf("cycles", 3_000), tell });
  }
  if (given.scale) {
    tell("About eight minutes on a quiet machine; --rounds, --cycles and --sizes make it shorter.");
    await measureScale({ rounds: countOf("rounds", 3), cycles: countOf("cycles", 2_000), sizes: sizes(), tell });
    return true;
  }
  return measureStudio({ rounds: countOf("rounds", 5), cycles: countOf("cycles", 6_000) });
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`);
if (!(await run())) process.exitCode = 1;
