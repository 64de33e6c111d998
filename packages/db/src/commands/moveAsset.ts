import { advance } from "@reelstate/lifecycle";
import { loadRowsOfJob } from "./loadRows.ts";
import { writeDecision } from "./writeDecision.ts";
import type { Decision, EpochMs, JobId, LifecycleEvent, VersionId } from "@reelstate/lifecycle";
import type { LoadedRows } from "../rows/loadedRows.ts";
import type { Desk } from "./Desk.ts";
import type { WriteOptions } from "./writeDecision.ts";

/** A transition that another's end brought about, told to whoever asked for the end (for the log). */
export type Moved = (loaded: LoadedRows, decision: Extract<Decision, { ok: true }>) => void;

/**
 * Asks the machine, writes what it decided, and lets the jobs that waited for this one follow, in the same transaction.
 */
export function moveAsset(
  desk: Desk,
  loaded: LoadedRows,
  event: LifecycleEvent,
  options: Omit<WriteOptions, "at"> & { readonly moved?: Moved } = {},
): Decision {
  const decision = advance(loaded.rows, event);
  if (!decision.ok) return decision;
  writeDecision(desk, loaded, decision, { ...options, at: event.at });
  options.moved?.(loaded, decision);
  const ended = decision.record?.jobTo;
  if (ended === "completed" || ended === "failed" || ended === "cancelled") {
    if (decision.record?.jobFrom !== ended) releaseDependants(desk, decision.next.version.id, event.at, options.moved);
  }
  return decision;
}

function releaseDependants(desk: Desk, versionId: VersionId, at: EpochMs, moved: Moved | undefined): void {
  for (const jobId of desk.dependantsOf(versionId)) recheckInputs(desk, jobId, at, moved);
}

/** A waiting job starts once all its inputs are completed, and can never start once one has ended otherwise. */
export function recheckInputs(desk: Desk, jobId: JobId, at: EpochMs, moved?: Moved): Decision | null {
  const loaded = loadRowsOfJob(desk, jobId);
  if (loaded === null || loaded.rows.job?.phase !== "waiting_inputs") return null;
  const inputs = desk.waitsFor(jobId);
  const options = moved === undefined ? {} : { moved };
  if (inputs.every((status) => status === "completed")) return moveAsset(desk, loaded, { type: "ready", at }, options);
  if (!inputs.some((status) => status === "failed" || status === "cancelled")) return null;
  const message = "A reference picture this one was waiting for was not made.";
  return moveAsset(desk, loaded, { type: "reject", at, code: "input_not_ready", message }, options);
}
