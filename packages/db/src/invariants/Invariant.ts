import type { AssetId, EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { Desk } from "../commands/Desk.ts";
import type { CheckName } from "../store/keeping.ts";
import type { Mending } from "./Mending.ts";

/** One thing that is always true of the rows, as a question for what breaks it, and what can be done then. */
export interface Invariant {
  readonly name: CheckName;
  readonly rule: string;
  readonly explanation: string;
  /** One row like `Broken` for everything that breaks the rule, in SQL that every database reads. `$1` is the database's clock. */
  readonly sql: string;
  /**
   * Restores one broken thing from what else is recorded, inside a transaction, and tells it (K1). False: this one cannot
   * be, and nothing was written. Neither this nor `move`: none can.
   */
  readonly mend?: (broken: Broken, at: EpochMs) => Mending<boolean>;
  /** The same for a job that the machine itself can move on; `subject` is its id. */
  readonly move?: (desk: Desk, broken: Broken) => boolean;
}

/** What an invariant's question gives. */
export interface Broken {
  /** The id of the asset, version, job or workspace. */
  readonly subject: string;
  readonly workspaceId: WorkspaceId;
  readonly assetId: AssetId | null;
}

/** A question's columns: `Broken`, by names that every database keeps as they are written. */
export function subjectIs(subject: string, workspaceId: string, assetId: string): string {
  return `SELECT ${subject} AS subject, ${workspaceId} AS "workspaceId", ${assetId} AS "assetId"`;
}
