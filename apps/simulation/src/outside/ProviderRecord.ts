/** One billable request as the provider has it. It outlives every crash of ours, and testifies. */
export interface ProviderRecord {
  readonly ref: string;
  readonly clientRef: string;
  readonly acceptedAt: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly outcome: "succeeded" | "failed" | "failed_for_good" | "cancelled" | "hangs";
  cancelledAt: number | null;
  /** Downloads that break, and outputs that are not whole, before a good one. */
  brokenFetches: number;
  brokenOutputs: number;
  /** A word that nobody knows is said until then. */
  readonly strangeUntil: number;
}

export type RecordState = "queued" | "running" | "succeeded" | "failed" | "cancelled";

export function stateOf(record: ProviderRecord, now: number): RecordState {
  if (record.cancelledAt !== null && record.cancelledAt <= now) return "cancelled";
  if (now < record.startsAt) return "queued";
  if (record.outcome === "hangs" || now < record.endsAt) return "running";
  if (record.outcome === "succeeded") return "succeeded";
  return record.outcome === "cancelled" ? "cancelled" : "failed";
}

/** Whether another request for the same work would be a second purchase: it is under way, or made and to be paid for. */
export function mayBePaidFor(record: ProviderRecord, now: number): boolean {
  const state = stateOf(record, now);
  return state !== "failed" && state !== "cancelled";
}
