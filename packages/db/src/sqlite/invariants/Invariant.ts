import type { AssetId, WorkspaceId } from "@reelstate/lifecycle";
import type { CheckName } from "../../Store.ts";

/** One thing that is always true of the rows, as a question for what breaks it. */
export interface Invariant {
  readonly name: CheckName;
  readonly rule: string;
  readonly explanation: string;
  /** One row like `Broken` for everything that breaks the rule. `@now` is the database's clock. */
  readonly sql: string;
}

/** What an invariant's question gives. */
export interface Broken {
  /** The id of the asset, version, job or workspace. */
  readonly subject: string;
  readonly workspaceId: WorkspaceId;
  readonly assetId: AssetId | null;
}
