import { seconds } from "./seconds.ts";
import type { StepResult } from "./StepResult.ts";

export interface Step {
  readonly name: string;
  readonly run: () => Promise<StepResult>;
}

export interface NamedResult extends StepResult {
  readonly name: string;
}

/** Runs steps in order, `atOnce` at a time, and tells each as it ends: one line, and all its output if it failed. */
export async function runSteps(steps: readonly Step[], atOnce: number): Promise<readonly NamedResult[]> {
  const results: NamedResult[] = [];
  const ahead = [...steps];
  const lane = async (): Promise<void> => {
    for (let step = ahead.shift(); step !== undefined; step = ahead.shift()) {
      const startedAt = performance.now();
      const result = { name: step.name, ...(await step.run()) };
      results.push(result);
      tell(result, performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

function tell({ name, ok, passed, failed, skipped, output }: NamedResult, ms: number): void {
  // A gate is one test, and its mark says all about it.
  const counts = [
    passed + failed > 1 ? `${passed} passed` : null,
    passed + failed > 1 && failed > 0 ? `${failed} failed` : null,
    skipped.length > 0 ? `${skipped.length} skipped` : null,
  ].filter((count) => count !== null);
  const mark = ok ? "ok  " : "FAIL";
  console.log(`${mark}  ${name.padEnd(16)} ${seconds(ms).padStart(8)}   ${counts.join(", ")}`.trimEnd());
  if (!ok) console.log(`\n${indent(output.trim())}\n`);
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "      ");
}
