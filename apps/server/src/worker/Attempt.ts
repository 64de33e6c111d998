import type { AttemptOutcome, ClaimedJob, Store } from "@reelstate/db";
import type { DurationMs } from "@reelstate/lifecycle";
import type { Logger } from "pino";
import type { NewId } from "../ids.ts";
import type { MediaShelf } from "../media/openMediaShelf.ts";
import type { Catalogue } from "../providers/openCatalogue.ts";
import type { Provider, ProviderRequest } from "../providers/Provider.ts";
import type { Storage } from "../storage/Storage.ts";
import type { Timers } from "../Timers.ts";
import type { Progress } from "./openProgress.ts";

/** What every attempt works with. */
export interface AttemptDeps extends Timers {
  readonly store: Store;
  readonly storage: Storage;
  readonly shelf: MediaShelf;
  readonly catalogue: Catalogue;
  readonly newId: NewId;
  readonly random: () => number;
  readonly log: Logger;
  /** Whether what is made could be kept. While not, nothing new is bought, and what is made waits (P6). */
  readonly hasRoom: () => boolean;
}

/** What a worker hands to an attempt. */
export type ClaimedAttempt = Omit<Attempt, "request" | "inputPaths">;

/** One attempt under way: its job, and what its worker may want of it. */
export interface Attempt {
  readonly job: ClaimedJob;
  readonly provider: Provider;
  readonly request: ProviderRequest;
  /** The local files of its references, fetched when first needed; rejects with `InputGone`. */
  readonly inputPaths: () => Promise<readonly string[]>;
  /** Aborts when the attempt is no longer ours, or is handed back: stop, and write nothing more. */
  readonly signal: AbortSignal;
  /** Aborts when a person wishes it cancelled (J7). */
  readonly wish: AbortSignal;
  readonly progress: Progress;
}

/** The store said that this attempt is no longer ours (J9). Stop. */
export class AttemptOver extends Error {
  override readonly name = "AttemptOver";
}

/** Zero rows means stop. */
export function mustBeOurs(outcome: AttemptOutcome): Extract<AttemptOutcome, { ok: true }> {
  if (outcome.ok) return outcome;
  throw new AttemptOver(outcome.why);
}

/** How long until the next poll after `failures` polls in a row that could not be answered. */
export function pollDelay(pollMs: DurationMs, failures: number): number {
  return Math.min(10_000, pollMs * 2 ** Math.min(failures, 8));
}
