import type { HealthCheck } from "./HealthState.ts";

/** What is said of a finding: what is wrong, what that means, and what helps. */
export interface FindingWords {
  readonly wrong: string;
  readonly means: string;
  readonly helps: string;
}

export type HealthWords = Readonly<Record<HealthCheck, FindingWords>>;
