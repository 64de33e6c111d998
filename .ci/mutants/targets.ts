import { resolve } from "node:path";
import { createVitest } from "vitest/node";
import type { TestCase, TestModule, Vitest } from "vitest/node";
import { ROOT } from "../root.ts";
import { breakText } from "./breakText.ts";
import type { TestFault } from "./judge.ts";
import type { Mutant } from "./Mutant.ts";

export interface TargetedTest {
  readonly name: string;
  readonly passed: boolean;
  readonly faults: readonly TestFault[];
}

export interface TargetRun {
  readonly tests: readonly TargetedTest[];
  /** A file that could not be imported, or an error outside of any test. */
  readonly outside: readonly TestFault[];
  /** Whether the tests imported the broken file at all. */
  readonly met: boolean;
}

export interface Targets {
  /** Runs the tests of a file whose full name has any of `names` in it, on the source as it is or with a mutant in it. */
  readonly run: (file: string, names: readonly string[], mutant: Mutant | null) => Promise<TargetRun>;
  readonly close: () => Promise<void>;
}

/**
 * A package's tests, started once and run many times. The mutant is put into the source's text as it is loaded: no file is
 * touched, neither of the working tree nor of a copy of it.
 */
export async function openTargets(packageFolder: string): Promise<Targets> {
  let current: Mutant | null = null;
  let met = false;
  const vitest = await createVitest(
    {
      root: resolve(ROOT, packageFolder),
      watch: false,
      reporters: [{}],
      // One worker a lane: two lanes run beside each other.
      maxWorkers: 1,
      // A compiled mutant must never be found again by somebody else.
      fsModuleCache: false,
      // The plans of a broken program may hang; the lane's own limit is for those that do not even let a timer fire.
      testTimeout: 30_000,
    },
    {
      plugins: [
        {
          name: "mutant",
          enforce: "pre",
          transform(code: string, id: string) {
            if (current === null || id.split("?")[0] !== resolve(ROOT, current.file)) return null;
            met = true;
            return { code: breakText(current, code), map: null };
          },
        },
      ],
    },
  );
  await vitest.init();

  async function run(file: string, names: readonly string[], mutant: Mutant | null): Promise<TargetRun> {
    current = mutant;
    met = false;
    if (mutant !== null) forget(vitest, mutant);
    const [project] = vitest.projects;
    if (project === undefined) throw new Error(`${packageFolder} has no tests.`);
    const testNamePattern = new RegExp(names.map((name) => RegExp.escape(name)).join("|"));
    try {
      const specification = project.createSpecification(resolve(ROOT, file), { testNamePattern });
      const { testModules: all, unhandledErrors } = await vitest.runTestSpecifications([specification]);
      // Vitest answers with every file that was ever run here, the red ones of earlier mutants included.
      const testModules = all.filter(({ moduleId }) => moduleId === specification.moduleId);
      const tests = testModules.flatMap((module) => [...module.children.allTests()]).flatMap(targeted);
      const outside = [...testModules.flatMap(errorsOutside), ...unhandledErrors.map(faultOf)];
      return { tests, outside, met };
    } finally {
      current = null;
      if (mutant !== null) forget(vitest, mutant);
    }
  }

  return { run, close: () => vitest.close() };
}

/** What was compiled of the file is compiled anew when it is next imported. */
function forget(vitest: Vitest, { file }: Mutant): void {
  vitest.invalidateFile(resolve(ROOT, file));
}

function targeted(test: TestCase): readonly TargetedTest[] {
  const result = test.result();
  if (result.state !== "passed" && result.state !== "failed") return [];
  const name = test.fullName.replaceAll(" > ", " ");
  return [{ name, passed: result.state === "passed", faults: (result.errors ?? []).flatMap(withCauses) }];
}

function errorsOutside(module: TestModule): readonly TestFault[] {
  const suites = [...module.children.allSuites()];
  return [...module.errors(), ...suites.flatMap((suite) => suite.errors())].flatMap(withCauses);
}

/** The error and what is behind it; the two in a `SuppressedError`, where a test failed and its cleaning up did too. */
function withCauses(error: unknown): readonly TestFault[] {
  if (typeof error !== "object" || error === null) return [faultOf(error)];
  const behind = ["cause", "error", "suppressed"].map((name) => Reflect.get(error, name) as unknown);
  return [faultOf(error), ...behind.filter((one) => one !== undefined && one !== null).flatMap(withCauses)];
}

function faultOf(error: unknown): TestFault {
  if (typeof error !== "object" || error === null) return { name: "Error", message: String(error) };
  const { name = "Error", message = "" } = error as { readonly name?: string; readonly message?: string };
  return { name, message };
}
