import type { AssetCommand, AssetContext, FollowEvent } from "./assetGuards.ts";
import type { StartEvent } from "./events.ts";
import type { AssetRow } from "./rows.ts";

type Patch = Partial<AssetRow>;

/** What each transition writes on the asset's row, its status and row version aside. */
export const ASSET_EFFECTS = {
  follow: (): Patch => ({}),
  /** The new version becomes what the asset shows, and what went wrong before is over (A3). */
  showCompleted: (_context: AssetContext, event: FollowEvent): Patch => ({
    currentVersionId: event.job.versionId,
    errorCode: null,
    errorMessage: null,
  }),
  /** Kept on the asset's own row, where it outlives the job (A4). */
  keepError: (_context: AssetContext, event: FollowEvent): Patch => ({
    errorCode: event.job.errorCode,
    errorMessage: event.job.errorMessage,
  }),
  startOver: (_context: AssetContext, event: StartEvent): Patch => ({
    currentVersionId: event.versionId,
    errorCode: null,
    errorMessage: null,
  }),
  /** A completed asset goes on showing what it has while a new version is made (A6). */
  startBeside: (): Patch => ({}),
  allowWish: (): Patch => ({}),
  bury: (_context: AssetContext, event: AssetCommand): Patch => ({ deletedAt: event.at }),
};

export type AssetEffect = keyof typeof ASSET_EFFECTS;
