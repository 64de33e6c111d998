import type { CommandResult } from "../runCommand.ts";
import type { StepResult } from "../StepResult.ts";
import type { Gate } from "./Gate.ts";

/** A gate counts as one test. */
export async function runGate({ check }: Gate): Promise<StepResult> {
  const { ok, output } = await checked(check);
  return { ok, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], output };
}

/** A check that throws, for want of a file it reads, say, has failed and says why. */
async function checked(check: Gate["check"]): Promise<CommandResult> {
  try {
    return await check();
  } catch (error) {
    return { ok: false, output: `${error instanceof Error ? error.message : String(error)}\n` };
  }
}
