import type { AssetId, JobId, ProjectId, SubmissionId, VersionId, WorkspaceId } from "@reelstate/lifecycle";
import type { Store } from "../../Store.ts";
import type { OpenStore } from "../openStudio.ts";

type AnyId = WorkspaceId | ProjectId | AssetId | VersionId | JobId | SubmissionId;

/** One open store in which many orders are played, one after the other, each on an asset in a workspace of its own. */
export interface World extends AsyncDisposable {
  readonly store: Store;
  /** Lets time pass for the database. */
  readonly pass: (ms: number) => void;
  readonly newId: <T extends AnyId>() => T;
}

export async function openWorld(openStore: OpenStore): Promise<World> {
  const opened = await openStore();
  let made = 0;
  return {
    store: opened.store,
    pass: (ms) => opened.advanceClock(ms),
    newId: <T extends AnyId>() => `01900000-0000-7000-8000-${String((made += 1)).padStart(12, "0")}` as T,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
