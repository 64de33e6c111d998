import type { AttemptRef, Store } from "@reelstate/db";
import type { ProcessingPhase } from "@reelstate/lifecycle";

/** Reports of one attempt's progress: a new phase at once, fractions at most four times a second (J3, E4). */
export interface Progress {
  readonly phase: (phase: ProcessingPhase) => void;
  readonly fraction: (fraction: number) => void;
  /** Resolves when nothing is being written, and writes nothing more. */
  readonly close: () => Promise<void>;
}

interface Deps {
  readonly store: Pick<Store, "progress">;
  readonly clock: () => number;
  /** Told when a write was refused because the attempt is no longer ours. */
  readonly lost: () => void;
}

const EVERY_MS = 250;

export function openProgress({ store, clock, lost }: Deps, attempt: AttemptRef): Progress {
  let phase: ProcessingPhase = "submitting";
  let fraction: number | null = null;
  let written: { readonly phase: ProcessingPhase; readonly fraction: number | null } = { phase, fraction };
  let nextAt = 0;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;

  function soon(wait: number): void {
    if (closed || timer !== null) return;
    timer = setTimeout(write, Math.max(0, wait));
  }

  function write(): void {
    timer = null;
    if (closed || (written.phase === phase && written.fraction === fraction)) return;
    written = { phase, fraction };
    nextAt = clock() + EVERY_MS;
    const report = { jobId: attempt.jobId, attempt: attempt.attempt, ...written };
    writing = writing.then(async () => {
      // A report that cannot be written is only a report; whether the attempt may go on, its heartbeat tells.
      const outcome = await store.progress(report).catch(() => null);
      if (outcome !== null && !outcome.ok && outcome.why !== "backwards") lost();
    });
  }

  return {
    phase: (next) => {
      if (next === phase) return;
      phase = next;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      write();
    },
    fraction: (next) => {
      if (fraction !== null && next <= fraction) return;
      fraction = Math.min(1, Math.max(0, next));
      soon(nextAt - clock());
    },
    close: async () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await writing;
    },
  };
}
