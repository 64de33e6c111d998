import type { Cost, EpochMs, SubmissionId } from "@reelstate/lifecycle";

export interface OpenSubmission {
  readonly id: SubmissionId;
  readonly clientRef: string;
  /** Null: the call's outcome is unknown (P2). */
  readonly providerRef: string | null;
  readonly state: "intended" | "open";
  readonly intendedAt: EpochMs;
}

export interface IntendSubmission {
  readonly submissionId: SubmissionId;
  readonly clientRef: string;
  readonly provider: string;
}

export type SubmissionOutcome = "succeeded" | "failed" | "cancelled" | "never_arrived";

/** The provider has reported an end: the submission that is alive ends in the same transaction (P1). */
export interface EndsSubmission {
  readonly ends?: SubmissionOutcome;
  /** It ended at the provider, and is known to have cost nothing: it is not said of it that it may have been charged for (U1). */
  readonly free?: boolean;
  /** What the provider said that it cost, with what it ended as (P8). */
  readonly cost?: Cost | undefined;
}
