import { StoreUnavailable } from "../../StoreUnavailable.ts";
import { readAssets } from "../reads/readAssets.ts";
import type { Asset, AssetId, WorkspaceId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";

/** Assets as they are once a command has committed: those whose commands were committed together are read together. */
export interface Answers {
  readonly assets: (workspaceId: WorkspaceId, ids: readonly AssetId[]) => Promise<readonly Asset[]>;
}

export function openAnswers(session: Session): Answers {
  const gathering = new Map<WorkspaceId, { readonly ids: Set<AssetId>; readonly found: Promise<readonly Asset[]> }>();

  function gather(workspaceId: WorkspaceId): { readonly ids: Set<AssetId>; readonly found: Promise<readonly Asset[]> } {
    const ids = new Set<AssetId>();
    // Whoever was answered by the same commit asks before this goes on.
    const found = Promise.resolve().then(() => {
      gathering.delete(workspaceId);
      return session.db
        .snapshot((connection) => readAssets(session, connection, { workspaceId, ids: [...ids] }))
        .catch(unconfirmed);
    });
    const begun = { ids, found };
    gathering.set(workspaceId, begun);
    return begun;
  }

  return {
    assets: async (workspaceId, wanted) => {
      if (wanted.length === 0) return [];
      const { ids, found } = gathering.get(workspaceId) ?? gather(workspaceId);
      for (const id of wanted) ids.add(id);
      const byId = new Map((await found).map((asset) => [asset.id, asset]));
      return wanted.flatMap((id) => byId.get(id) ?? []);
    },
  };
}

/** What was asked for is done, and only its answer cannot be had. */
function unconfirmed(error: unknown): never {
  throw error instanceof StoreUnavailable ? new StoreUnavailable("unconfirmed", { cause: error }) : error;
}
