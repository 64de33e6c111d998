import { basename } from "node:path";
import { epochMs } from "@reelstate/lifecycle";
import { createWakeUp } from "../feed/createWakeUp.ts";
import { checkFiles, countUnused } from "./checkFiles.ts";
import { mendAll } from "./mendAll.ts";
import { repairOverCopy } from "./repairOverCopy.ts";
import type { HealthPorts } from "@reelstate/api";
import type { HealthState } from "@reelstate/api/health";
import type { Finding, Store } from "@reelstate/db";
import type { Logger } from "pino";
import type { FileCheckDeps } from "./checkFiles.ts";
import type { Repaired } from "./repairOverCopy.ts";
import type { Timers } from "../Timers.ts";

interface Deps extends FileCheckDeps, Pick<Timers, "clock" | "after" | "sleep"> {
  readonly store: FileCheckDeps["store"] & Pick<Store, "mend" | "backup">;
  /** What is wrong with the rows; not on this thread. */
  readonly inspect: () => Promise<readonly Finding[]>;
  readonly dataDir: string;
  /** Whether a copy of the database can be made here; without one nothing is repaired from here (K1). */
  readonly copies: boolean;
  readonly log: Logger;
}

export interface Health extends HealthPorts {
  /** Breaks off what is under way. */
  readonly close: () => Promise<void>;
}

const NEVER_LOOKED: Omit<HealthState, "repairs"> = {
  status: "idle",
  step: null,
  files: null,
  checkedAt: null,
  deep: false,
  findings: [],
  found: 0,
  unused: null,
  failed: false,
  repair: null,
};
/** A page lists so many; a studio with more has one problem, not thousands. */
const TOLD = 200;
/** A watcher is told no more often than a person can read. */
const TELL_EVERY_MS = 150;
const HOUR_MS = 3_600_000;

/** Looks through what is kept, and mends it, once at a time, while the studio runs (K1). */
export function openHealth(deps: Deps): Health {
  const closing = new AbortController();
  const { signal } = closing;
  const listeners = new Set<() => void>();
  let state: HealthState = { ...NEVER_LOOKED, repairs: deps.copies ? "here" : "by_command" };
  let running: Promise<void> | null = null;

  function tell(change: Partial<HealthState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  }

  function begin(status: "checking" | "repairing", work: () => Promise<void>): boolean {
    if (running !== null || signal.aborted) return false;
    tell({ status, step: null, files: null, failed: false });
    running = work()
      .catch((error: unknown) => {
        deps.log.warn({ err: error }, "the health check could not be done");
        tell({ failed: true });
      })
      .finally(() => {
        running = null;
        tell({ status: "idle", step: null, files: null });
      });
    return true;
  }

  async function look(deep: boolean): Promise<void> {
    tell({ step: "rows" });
    const rows = await deps.inspect();
    tell({ step: "files" });
    const files = await checkFiles(deps, {
      deep,
      signal,
      progress: (done, total) => tell({ files: { done, total } }),
    });
    tell({ step: "unused" });
    const unused = await countUnused(deps, signal);
    signal.throwIfAborted();
    const findings = [...rows, ...files].map(({ check, rule, subject, assetId, mendable }) => ({
      check,
      rule,
      subject,
      assetId,
      mendable,
    }));
    const checkedAt = epochMs(deps.clock());
    tell({ checkedAt, deep, findings: findings.slice(0, TOLD), found: findings.length, unused });
  }

  async function repair(deep: boolean): Promise<void> {
    tell({ step: "rows" });
    const { mended, copy } = (await deps.inspect()).some(({ mendable }) => mendable)
      ? await mendOverCopy()
      : { mended: 0, copy: null };
    deps.log.info({ mended, backup: copy }, "the health check mended what it could");
    tell({ repair: { at: epochMs(deps.clock()), mended, backup: copy === null ? null : basename(copy) } });
    await look(deep);
  }

  function mendOverCopy(): Promise<Repaired> {
    tell({ step: "backup" });
    return repairOverCopy(deps, () => {
      tell({ step: "rows" });
      return mendAll(deps, signal);
    });
  }

  async function* watch(_caller: unknown, stopped: AbortSignal): AsyncGenerator<HealthState> {
    const listen = (woken: () => void) => {
      listeners.add(woken);
      return () => void listeners.delete(woken);
    };
    const wake = createWakeUp(deps, listen, AbortSignal.any([stopped, signal]));
    try {
      while (!stopped.aborted && !signal.aborted) {
        wake.arm();
        yield state;
        await deps.sleep(TELL_EVERY_MS, stopped);
        await wake.wait(HOUR_MS);
      }
    } finally {
      wake.close();
    }
  }

  return {
    watch,
    check: (_caller, { deep }) => begin("checking", () => look(deep)),
    repair: (_caller, { deep }) => deps.copies && begin("repairing", () => repair(deep)),
    close: async () => {
      closing.abort();
      await running;
    },
  };
}
