import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../root.ts";
import { breakText } from "./breakText.ts";
import { judge, kills } from "./judge.ts";
import { openLane } from "./openLane.ts";
import type { Mutant } from "./Mutant.ts";
import type { Answered, Lane } from "./openLane.ts";

export interface Verdict {
  readonly mutant: Mutant;
  readonly killed: boolean;
  /** How a test turned red, or why none counts. */
  readonly how: string;
}

export interface ProveOptions {
  readonly atOnce: number;
  /** A test file has been run on the source as it is. */
  readonly toldUnbroken?: (file: string, ms: number) => void;
  readonly told: (verdict: Verdict, ms: number) => void;
}

interface Job {
  readonly file: string;
  readonly names: readonly string[];
  readonly mutant: Mutant | null;
}

/**
 * For each mutant: the tests that it names pass on the source as it is, and at least one fails with the mutant in it, by an
 * assertion or an invariant. Both halves are needed: a test that is red anyway notices nothing.
 */
export async function proveMutants(
  mutants: readonly Mutant[],
  { atOnce, told, toldUnbroken }: ProveOptions,
): Promise<readonly Verdict[]> {
  const verdicts = new Map<Mutant, Verdict>();
  const tell = (verdict: Verdict, ms = 0): void => {
    verdicts.set(verdict.mutant, verdict);
    told(verdict, ms);
  };
  const fitting = mutants.filter((mutant) => {
    const misfit = misfitOf(mutant);
    if (misfit !== null) tell({ mutant, killed: false, how: misfit });
    return misfit === null;
  });

  const files = Map.groupBy(fitting, ({ test }) => test.file);
  const unbroken = [...files].map(([file, rows]): Job => ({
    file,
    names: [...new Set(rows.map(({ test }) => test.name))],
    mutant: null,
  }));
  const sound = new Set<Mutant>();
  await inLanes(unbroken, atOnce, ({ file }, answered, ms) => {
    toldUnbroken?.(file, ms);
    for (const mutant of files.get(file) ?? []) {
      const red = redUnbroken(mutant, answered);
      if (red === null) sound.add(mutant);
      else tell({ mutant, killed: false, how: red });
    }
  });

  const broken = fitting
    .filter((mutant) => sound.has(mutant))
    .map((mutant): Job => ({ file: mutant.test.file, names: [mutant.test.name], mutant }));
  await inLanes(broken, atOnce, ({ mutant }, answered, ms) => {
    if (mutant !== null) tell({ mutant, ...verdictOf(mutant, answered) }, ms);
  });
  return mutants.flatMap((mutant) => verdicts.get(mutant) ?? []);
}

/** Works through the jobs of a package with one process, and goes on to the next package with another. */
async function inLanes(
  jobs: readonly Job[],
  atOnce: number,
  done: (job: Job, answered: Answered, ms: number) => void,
): Promise<void> {
  const ahead = jobs.toSorted((a, b) => (packageOf(a) < packageOf(b) ? -1 : packageOf(a) > packageOf(b) ? 1 : 0));
  const one = async (next: () => Job | undefined): Promise<void> => {
    let lane: Lane | null = null;
    for (let job = next(); job !== undefined; job = next()) {
      if (lane?.packageFolder !== packageOf(job)) {
        lane?.close();
        lane = openLane(packageOf(job));
      }
      const startedAt = performance.now();
      const answered = await lane.ask(job);
      done(job, answered, performance.now() - startedAt);
      if ("run" in answered) continue;
      lane.close();
      lane = null;
    }
    lane?.close();
  };
  // From both ends: two lanes seldom start the same package twice.
  const lanes = Array.from({ length: atOnce }, (_, index) =>
    one(() => (index % 2 === 0 ? ahead.shift() : ahead.pop())),
  );
  await Promise.all(lanes);
}

function packageOf({ file }: Pick<Job, "file">): string {
  return file.split("/").slice(0, 2).join("/");
}

/** Why the row does not fit the files as they are, or null. */
export function misfitOf(mutant: Mutant): string | null {
  if (!existsSync(join(ROOT, mutant.test.file))) return `there is no test file ${mutant.test.file}`;
  try {
    breakText(mutant, readFileSync(join(ROOT, mutant.file), "utf8"));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function redUnbroken({ test }: Mutant, answered: Answered): string | null {
  if ("broke" in answered) return `${test.file} could not be run: ${answered.broke}`;
  const { tests, outside } = answered.run;
  const [first] = outside;
  if (first !== undefined) return `${test.file} fails unbroken: ${first.message}`;
  const mine = tests.filter(({ name }) => name.includes(test.name));
  if (mine.length === 0) return `no test of ${test.file} is called “${test.name}”`;
  const red = mine.find(({ passed }) => !passed);
  return red === undefined ? null : `fails unbroken: ${red.name}: ${red.faults[0]?.message ?? ""}`;
}

function verdictOf({ file }: Mutant, answered: Answered): Pick<Verdict, "killed" | "how"> {
  if ("broke" in answered) return { killed: false, how: `the tests could not be run: ${answered.broke}` };
  const { tests, outside, met } = answered.run;
  if (!met) return { killed: false, how: `the tests never load ${file}` };
  const red = tests.filter(({ passed }) => !passed).map(({ name, faults }) => ({ name, faults, red: judge(faults) }));
  const noticed = red.find((one) => kills(one.red));
  if (noticed !== undefined) return { killed: true, how: `${noticed.red}: ${noticed.name}` };
  const [other] = red;
  if (other !== undefined) return { killed: false, how: `only a ${other.red}: ${firstLine(other.faults[0]?.message)}` };
  const [beyond] = outside;
  return {
    killed: false,
    how: beyond === undefined ? "every test passed" : `only outside of tests: ${firstLine(beyond.message)}`,
  };
}

function firstLine(text = ""): string {
  return text.split("\n", 1)[0] ?? "";
}
