import type { AssetId, WorkspaceId } from "@reelstate/lifecycle";
import type { CheckName } from "../../store/keeping.ts";
import type { Session } from "../Session.ts";

/** One thing that is always true of the rows, as a question for what breaks it, and what can be done then. */
export interface Invariant {
  readonly name: CheckName;
  readonly rule: string;
  readonly explanation: string;
  /** One row like `Broken` for everything that breaks the rule. `@now` is the database's clock. */
  readonly sql: string;
  /**
   * Restores one broken thing from what else is recorded, inside a transaction, and tells it (K1). False: this one cannot
   * be, and nothing was written. Absent: none can.
   */
  readonly mend?: (session: Session, broken: Broken) => boolean;
}

/** What an invariant's question gives. */
export interface Broken {
  /** The id of the asset, version, job or workspace. */
  readonly subject: string;
  readonly workspaceId: WorkspaceId;
  readonly assetId: AssetId | null;
}
