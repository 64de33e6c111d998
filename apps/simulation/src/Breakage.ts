import type { LiveItem } from "@reelstate/api";
import type { Store } from "@reelstate/db";
import type { Provider } from "@reelstate/server/providers/Provider.ts";
import type { Database } from "better-sqlite3";

/**
 * What a test breaks in a life on purpose, to see that somebody notices: a judge that was never seen to accuse proves
 * nothing. The command breaks nothing.
 */
export interface Breakage {
  /** What not every studio has, and what is broken needs. */
  readonly always?: "limits" | "janitor";
  /** The store of every process, within its gate. */
  readonly store?: (store: Store, connection: Database) => Partial<Store>;
  /** A provider as every process has it. */
  readonly provider?: (provider: Provider) => Partial<Provider>;
  /** What a browser hears instead of what was said to it; null: nothing. */
  readonly hears?: (item: LiveItem) => LiveItem | null;
}
