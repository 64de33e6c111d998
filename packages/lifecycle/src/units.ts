/**
 * What must not be mixed: ids of different things, credits, and time. A brand costs nothing at run time; parse at the
 * edge (`packages/api`) and the compiler keeps a job's id from being read as an asset's.
 */
export type WorkspaceId = string & { readonly __id: "workspace" };
export type ProjectId = string & { readonly __id: "project" };
export type AssetId = string & { readonly __id: "asset" };
export type VersionId = string & { readonly __id: "version" };
export type JobId = string & { readonly __id: "job" };
export type SubmissionId = string & { readonly __id: "submission" };

/** Whole credits, never negative where it is an amount; deltas in the ledger carry their sign. */
export type Credits = number & { readonly __unit: "credits" };

/** Milliseconds since 1970-01-01T00:00:00Z, by the database's clock. */
export type EpochMs = number & { readonly __unit: "epoch-ms" };

/** A span of milliseconds. */
export type DurationMs = number & { readonly __unit: "duration-ms" };

/** The only way a number becomes an amount of credits: whole and finite, or a thrown bug. */
export function credits(amount: number): Credits {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`credits must be a whole number, got ${amount}`);
  return amount as Credits;
}

export function epochMs(at: number): EpochMs {
  return at as EpochMs;
}

export function durationMs(span: number): DurationMs {
  return span as DurationMs;
}
