import { CLIENT_ROWS } from "./table/client.ts";
import { COMPOSER_ROWS } from "./table/composer.ts";
import { CREDITS_ROWS } from "./table/credits.ts";
import { FEED_ROWS } from "./table/feed.ts";
import { KEY_ROWS } from "./table/keys.ts";
import { LIFECYCLE_ROWS } from "./table/lifecycle.ts";
import { MOVING_ROWS } from "./table/moving.ts";
import { OPERATOR_ROWS } from "./table/operator.ts";
import { POSTGRES_ROWS } from "./table/postgres.ts";
import { PROVIDER_ROWS } from "./table/providers.ts";
import { SETTINGS_ROWS } from "./table/settings.ts";
import { SIMULATION_ROWS } from "./table/simulation.ts";
import { STORAGE_ROWS } from "./table/storage.ts";
import { FENCE_ROWS, STORE_ROWS } from "./table/store.ts";
import { SLOT_ROWS } from "./table/slots.ts";
import { WORKER_ROWS } from "./table/worker.ts";
import type { Mutant } from "./Mutant.ts";

/** Every row of the table. */
export const MUTANTS: readonly Mutant[] = [
  ...LIFECYCLE_ROWS,
  ...CREDITS_ROWS,
  ...FENCE_ROWS,
  ...STORE_ROWS,
  ...SLOT_ROWS,
  ...POSTGRES_ROWS,
  ...FEED_ROWS,
  ...WORKER_ROWS,
  ...PROVIDER_ROWS,
  ...KEY_ROWS,
  ...STORAGE_ROWS,
  ...CLIENT_ROWS,
  ...COMPOSER_ROWS,
  ...SETTINGS_ROWS,
  ...OPERATOR_ROWS,
  ...MOVING_ROWS,
  ...SIMULATION_ROWS,
];

/**
 * The eight that `pnpm test` tries, always the same: one for each thing that must never be lost (the fence, the status, the
 * release, the wake after the commit, the seq, the intent, the order of news, the gap), and of those that would do the ones
 * whose tests are quick. They show that the table still bites; `pnpm test:mutants` tries all of it.
 */
const QUICK: ReadonlySet<string> = new Set([
  "drop the attempt from the write of a job",
  "drop the status from the write of a job",
  "the release is skipped when a job fails",
  "listeners are woken before the commit",
  "the seq leaves gaps",
  "submit before the intent is committed",
  "the client accepts older news",
  "the client ignores a gap in seq",
]);

export const QUICK_MUTANTS: readonly Mutant[] = MUTANTS.filter(({ name }) => QUICK.has(name));
