import type { AttemptRef, Store } from "@reelstate/db";
import type { ProcessingPhase } from "@reelstate/lifecycle";
import type { Timers } from "../Timers.ts";

/** Reports of one attempt's progress, phases and fractions alike at most four times a second (J3, E4). */
export interface Progress {
  readonly phase: (phase: ProcessingPhase) => void;
  readonly fraction: (fraction: number) => void;
  /** Resolves when nothing is being written, and writes nothing more. */
  readonly close: () => Promise<void>;
}

interface Deps extends Pick<Timers, "monotonic" | "after"> {
  readonly store: Pick<Store, "progress">;
  /** Told when a write was refused because the attempt is no longer ours. */
  readonly lost: () => void;
}

const EVERY_MS = 250;

export function openProgress({ store, monotonic, after, lost }: Deps, attempt: AttemptRef): Progress {
  let phase: ProcessingPhase = "submitting";
  let fraction: number | null = null;
  let written: { readonly phase: ProcessingPhase; readonly fraction: number | null } = { phase, fraction };
  let nextAt = Number.NEGATIVE_INFINITY;
  let stopWaiting: (() => void) | null = null;
  let writing: Promise<void> | null = null;
  let closed = false;

  function soon(): void {
    // One write at a time: a store that is slow gets the latest value next, not all that came in between.
    if (closed || stopWaiting !== null || writing !== null) return;
    if (written.phase === phase && written.fraction === fraction) return;
    const wait = nextAt - monotonic();
    if (wait > 0) stopWaiting = after(wait, write);
    else write();
  }

  function write(): void {
    stopWaiting = null;
    written = { phase, fraction };
    nextAt = monotonic() + EVERY_MS;
    writing = report(written).finally(() => {
      writing = null;
      soon();
    });
  }

  async function report(latest: typeof written): Promise<void> {
    // A report that cannot be written is only a report; whether the attempt may go on, its heartbeat tells.
    const outcome = await store
      .progress({ jobId: attempt.jobId, attempt: attempt.attempt, ...latest })
      .catch(() => null);
    if (outcome !== null && !outcome.ok && outcome.why !== "backwards") lost();
  }

  return {
    phase: (next) => {
      phase = next;
      soon();
    },
    fraction: (next) => {
      if (!Number.isFinite(next) || (fraction !== null && next <= fraction)) return;
      fraction = Math.min(1, Math.max(0, next));
      soon();
    },
    close: async () => {
      closed = true;
      stopWaiting?.();
      await writing;
    },
  };
}
