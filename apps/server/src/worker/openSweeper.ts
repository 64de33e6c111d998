import { span } from "../span.ts";
import { drawBackoffWith } from "./openWorker.ts";
import { logTransition } from "./log.ts";
import type { Store } from "@reelstate/db";
import type { Logger } from "pino";
import type { Catalogue } from "../providers/openCatalogue.ts";
import type { Timers } from "../Timers.ts";

interface Deps extends Pick<Timers, "clock" | "monotonic" | "every"> {
  readonly store: Store;
  readonly random: () => number;
  readonly log: Logger;
  /** What is not nobody's. */
  readonly catalogue: Pick<Catalogue, "kept">;
}

const AT_ONCE = 200;

/**
 * Finds leases and deadlines that have passed. After a pause of the whole process (sleep, SIGSTOP) it waits one round,
 * so that a worker of the same process can show first that it is alive.
 */
export function openSweeper(
  deps: Deps,
  options: { readonly sweepMs: number; readonly leaseMs: number },
): { readonly close: () => Promise<void> } {
  const drawBackoff = drawBackoffWith(deps.random);
  let sinceLast = span(deps);
  let sweeping: Promise<void> | null = null;

  async function sweep(): Promise<void> {
    const paused = sinceLast() > options.sweepMs + options.leaseMs / 2;
    sinceLast = span(deps);
    if (paused) return;
    try {
      const report = await deps.store.sweep({ limit: AT_ONCE, drawBackoff, ...deps.catalogue.kept });
      for (const transition of report.transitions) logTransition(deps.log, transition);
    } catch (error) {
      deps.log.warn({ err: error }, "a sweep failed; the next one follows");
    }
  }

  const stop = deps.every(options.sweepMs, () => {
    sweeping ??= sweep().finally(() => {
      sweeping = null;
    });
  });
  return {
    close: async () => {
      stop();
      await sweeping;
    },
  };
}
