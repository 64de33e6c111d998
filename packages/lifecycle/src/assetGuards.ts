import type { RefusalReason } from "./decision.ts";
import type { LifecycleEvent, StartEvent } from "./events.ts";
import type { AssetRow, JobRow, VersionRow } from "./rows.ts";

/** What the asset machine knows besides its state: the rows that `AssetRows` holds, as they were before the event. */
export interface AssetContext {
  readonly asset: Omit<AssetRow, "status">;
  readonly version: VersionRow;
  readonly job: JobRow | null;
}

/** Tells the asset what became of a job of its: `job` is its row afterwards. */
export interface FollowEvent {
  readonly type: "job_pending" | "job_processing" | "job_completed" | "job_failed" | "job_cancelled";
  readonly job: JobRow;
}

export type AssetCommand = StartEvent | Extract<LifecycleEvent, { readonly type: "cancel" | "delete" }>;
export type AssetEvent = FollowEvent | AssetCommand;

type Guard = (context: AssetContext, event: AssetEvent) => boolean;

/** The questions the asset machine asks. Each is true in the case that lets more happen. */
export const ASSET_GUARDS = {
  notDeleted: ({ asset }) => asset.deletedAt === null,
  /** No live job (J11). */
  idle: ({ job }) => job === null || (job.status !== "pending" && job.status !== "processing"),
  generated: ({ asset }) => asset.origin === "generated",
  /** The version last worked on did not complete, and the event names it. */
  triesLastAgain: ({ version }, event) =>
    (version.status === "failed" || version.status === "cancelled") &&
    "versionId" in event &&
    event.versionId === version.id,
  namesNewVersion: ({ asset, version }, event) =>
    "versionId" in event &&
    event.versionId !== version.id &&
    event.versionId !== asset.currentVersionId &&
    event.versionNumber > version.number,
  /** The last job failed with a paid submission that can be taken up (P6). */
  recoverable: ({ job }) => job !== null && job.status === "failed" && job.recoverable,
  affordable: (_context, event) => "versionId" in event && event.job.quote <= event.job.available,
  /** The job makes the version that the asset shows (A3). */
  makesCurrent: ({ asset, job }) => job !== null && job.versionId === asset.currentVersionId,
} as const satisfies Record<string, Guard>;

export type AssetGuard = keyof typeof ASSET_GUARDS;

/** Why an event is refused when this is the first question answered no. */
export const ASSET_GUARD_REFUSALS: Readonly<Partial<Record<AssetGuard, RefusalReason>>> = {
  notDeleted: "deleted",
  idle: "busy",
  generated: "illegal",
  triesLastAgain: "illegal",
  namesNewVersion: "illegal",
  recoverable: "not_recoverable",
  affordable: "insufficient_credits",
};
