import type { LivePorts } from "./livePorts.ts";

const LOCK = "reelstate-live";

export interface Leadership {
  /** Waits in line for the lock, until stopped. */
  start(): () => void;
  /** Takes the lock from a leader that does not answer (a frozen tab keeps its locks). */
  takeOver(): void;
}

/** Who holds the stream: one tab of the browser at a time, by a lock that dies with its tab. */
export function createLeadership({ locks }: LivePorts, { gained, lost }: { gained(): void; lost(): void }): Leadership {
  let stopped = new AbortController();
  /** The request that holds the lock: a tab may have several in line, and even take over from itself. */
  let holding: object | null = null;

  function wait(options: { signal: AbortSignal } | { steal: true }): void {
    if (locks === null) return;
    const { signal } = stopped;
    const request = {};
    locks
      .request(LOCK, options, () => {
        if (signal.aborted) return Promise.resolve();
        holding = request;
        gained();
        return new Promise<void>((release) => signal.addEventListener("abort", () => release(), { once: true }));
      })
      .catch(() => {
        // Stopped while waiting, or taken over by another tab: then wait in line again.
        if (signal.aborted) return;
        if (holding === request) {
          holding = null;
          lost();
        }
        wait({ signal });
      });
  }

  return {
    start() {
      stopped = new AbortController();
      if (locks === null) gained();
      else wait({ signal: stopped.signal });
      return () => stopped.abort();
    },
    takeOver() {
      wait({ steal: true });
    },
  };
}
