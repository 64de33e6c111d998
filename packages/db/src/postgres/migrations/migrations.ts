import { sqlGuards } from "@reelstate/lifecycle";
import { LEDGER_GUARDS } from "./0001LedgerGuards.ts";
import { START } from "./0001Start.ts";
import { INDEXES } from "./0002Indexes.ts";
import { PHASES } from "./0003Phases.ts";
import { BUDGETS } from "./0004Budgets.ts";
import { COSTS } from "./0005Costs.ts";
import { PROVIDER_SETTINGS } from "./0006ProviderSettings.ts";

/**
 * What makes a database of this program's, in order; the table `schema_version` says how many were applied. Inlined, so that
 * the bundle needs no folder beside it. The guards come from the machines: should those change, a new migration creates them
 * again (a test compares what is in the database with what the machines say today).
 */
export const MIGRATIONS: readonly (() => readonly string[])[] = [
  () => [...START, ...sqlGuards("postgres"), ...LEDGER_GUARDS],
  () => INDEXES,
  () => PHASES,
  () => BUDGETS,
  () => COSTS,
  () => PROVIDER_SETTINGS,
];
