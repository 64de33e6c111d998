import { rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../root.ts";
import { runCommand } from "../runCommand.ts";
import type { StepResult } from "../StepResult.ts";
import type { WorkspacePackage } from "../workspacePackages.ts";
import { readReport } from "./readReport.ts";

const MINUTE = 60_000;

export interface SuiteOptions {
  /** The package's script: all its tests, or those of the model. */
  readonly script: "test" | "test:model";
}

/** Runs a package's vitest suite and believes its report, not its words: no report, or a crash after it, is a failure. */
export async function runSuite(found: WorkspacePackage, { script }: SuiteOptions): Promise<StepResult> {
  const path = join(ROOT, `.reports/${found.suite}.json`);
  // An older run's report must not speak for this one.
  rmSync(path, { force: true });
  const { ok, output } = await runCommand(["pnpm", "--dir", found.folder, "run", script], 30 * MINUTE);
  const report = readReport(path, script === "test:model" ? "[model]" : null);
  if (report === null) return failure(`${output}\nThe suite ended without its report, .reports/${found.suite}.json.\n`);

  const { passed, failed, skipped } = report;
  if (passed + failed === 0) return { ...failure(`${output}\nThe suite ran no tests.\n`), skipped };
  // Every test passed and vitest still says no: an error outside of any test.
  if (!ok && failed === 0) return { ok: false, passed, failed: 1, skipped, output };
  return { ok: ok && failed === 0, passed, failed, skipped, output };
}

function failure(output: string): StepResult {
  return { ok: false, passed: 0, failed: 1, skipped: [], output };
}
