import type { StepResult } from "../StepResult.ts";
import { MUTANTS, QUICK_MUTANTS } from "./mutants.ts";
import { misfitOf, proveMutants } from "./proveMutants.ts";
import { titleOf } from "./titleOf.ts";

const TRIED = 8;

/**
 * The quick mutants as a step of `pnpm test`, each counted as a test. The other rows are not tried but must fit, so that
 * whoever changes a line that a row breaks hears of it at once.
 */
export async function mutantsStep(): Promise<StepResult> {
  if (QUICK_MUTANTS.length !== TRIED)
    return failed(`${QUICK_MUTANTS.length} of the ${TRIED} quick mutants are in the table.`);
  const misfits = MUTANTS.map(misfitOf).filter((misfit) => misfit !== null);
  if (misfits.length > 0) return failed(misfits.join("\n\n"));
  const verdicts = await proveMutants(QUICK_MUTANTS, { atOnce: 2, told: () => {} });
  const survivors = verdicts.filter(({ killed }) => !killed);
  return {
    ok: survivors.length === 0,
    passed: verdicts.length - survivors.length,
    failed: survivors.length,
    skipped: [],
    output: survivors.map(({ mutant, how }) => `Survived: ${titleOf(mutant)}\n  ${how}`).join("\n"),
  };
}

function failed(output: string): StepResult {
  return { ok: false, passed: 0, failed: 1, skipped: [], output };
}
