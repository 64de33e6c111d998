import type { Store } from "@reelstate/db";
import type { NewId } from "../ids.ts";
import type { Catalogue } from "../providers/openCatalogue.ts";

/** What commands work with; randomness is handed in. */
export interface CommandDeps {
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly newId: NewId;
  /** From 0 (included) to 1 (excluded). */
  readonly random: () => number;
}
