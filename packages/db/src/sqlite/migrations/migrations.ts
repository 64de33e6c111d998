import { sqlGuards } from "@reelstate/lifecycle";
import { LEDGER_GUARDS } from "./0001LedgerGuards.ts";
import { START } from "./0001Start.ts";
import { RETRIES } from "./0002Retries.ts";
import { SLOTS } from "./0003Slots.ts";
import { INDEXES } from "./0004Indexes.ts";
import { BUDGETS } from "./0005Budgets.ts";
import { COSTS } from "./0006Costs.ts";
import { PROVIDER_SETTINGS } from "./0007ProviderSettings.ts";

/**
 * What makes a database of this program's, in order; the file's `user_version` says how many were applied. Inlined, so
 * that the bundle needs no folder beside it. The guards come from the machines: should those change, a new migration
 * drops and creates them again (a test compares what is in the file with what the machines say today).
 */
export const MIGRATIONS: readonly (() => readonly string[])[] = [
  () => [...START, ...sqlGuards("sqlite"), ...LEDGER_GUARDS],
  () => RETRIES,
  () => SLOTS,
  () => INDEXES,
  () => BUDGETS,
  () => COSTS,
  () => PROVIDER_SETTINGS,
];
