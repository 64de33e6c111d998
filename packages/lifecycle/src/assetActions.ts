import { advance } from "./advance.ts";
import type { LifecycleEvent, NewJob } from "./events.ts";
import type { AssetRows } from "./rows.ts";
import type { Credits, DurationMs, EpochMs, JobId, VersionId } from "./units.ts";

/** What a person may ask of an asset that exists; each is an event of the same name. */
export const ASSET_ACTIONS = ["cancel", "retry", "regenerate", "recover", "delete"] as const;
export type AssetAction = (typeof ASSET_ACTIONS)[number];

/** The actions whose event `advance` takes, asked one by one. Whether the workspace can pay is not known here (C1). */
export function permittedActions(rows: AssetRows): readonly AssetAction[] {
  return ASSET_ACTIONS.filter((action) => advance(rows, trialOf(rows, action)).ok);
}

const TRIAL_AT = 0 as EpochMs;
const TRIAL_VERSION = "\u0000trial" as VersionId;
const TRIAL_JOB: NewJob = {
  id: "\u0000trial" as JobId,
  maxFailures: 1,
  maxLosses: 1,
  attemptTimeoutMs: 1 as DurationMs,
  jobTimeoutMs: 1 as DurationMs,
  quote: 0 as Credits,
  available: 0 as Credits,
  inputs: "ready",
};

function trialOf({ version }: AssetRows, action: AssetAction): LifecycleEvent {
  switch (action) {
    case "cancel":
    case "delete":
      return { type: action, at: TRIAL_AT };
    case "retry":
    case "recover":
      return { type: action, at: TRIAL_AT, versionId: version.id, versionNumber: version.number, job: TRIAL_JOB };
    case "regenerate":
      return {
        type: action,
        at: TRIAL_AT,
        versionId: TRIAL_VERSION,
        versionNumber: version.number + 1,
        job: TRIAL_JOB,
      };
  }
}
