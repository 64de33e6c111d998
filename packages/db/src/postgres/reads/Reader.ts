import type { Surroundings } from "../../rows/toAsset.ts";
import type { Outlook } from "./openOutlook.ts";

/** What every read needs besides a connection. */
export interface Reader extends Surroundings {
  /** The database's clock as SQL: epoch milliseconds, a bigint. Asked for anew with each statement. */
  readonly clock: () => string;
  readonly outlook: Outlook;
}
