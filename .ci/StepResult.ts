/** How a gate or a suite ended. */
export interface StepResult {
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
  /** Names of tests that did not run. */
  readonly skipped: readonly string[];
  /** Shown when it failed. */
  readonly output: string;
}
