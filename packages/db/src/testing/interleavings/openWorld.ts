import type { AssetId, JobId, ProjectId, SubmissionId, VersionId, WorkspaceId } from "@reelstate/lifecycle";
import type { Limit } from "../../store/attempts.ts";
import type { Store } from "../../Store.ts";
import type { OpenStore } from "../openStudio.ts";

type AnyId = WorkspaceId | ProjectId | AssetId | VersionId | JobId | SubmissionId;

/** One open store in which many orders are played, one after the other, each on an asset in a workspace of its own. */
export interface World extends AsyncDisposable {
  readonly store: Store;
  /** Lets time pass for the database. */
  readonly pass: (ms: number) => void;
  readonly newId: <T extends AnyId>() => T;
  /** What may be done at once, in the whole store: what one order has set is gone in the next. */
  readonly setLimits: (limits: readonly Limit[]) => Promise<void>;
}

export async function openWorld(openStore: OpenStore): Promise<World> {
  const opened = await openStore();
  let made = 0;
  let limited = "[]";
  return {
    store: opened.store,
    pass: (ms) => opened.advanceClock(ms),
    newId: <T extends AnyId>() => `01900000-0000-7000-8000-${String((made += 1)).padStart(12, "0")}` as T,
    setLimits: async (limits) => {
      const wanted = JSON.stringify(limits);
      if (wanted !== limited) await opened.store.setLimits(limits);
      limited = wanted;
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
