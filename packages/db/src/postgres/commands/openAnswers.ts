import { StoreUnavailable } from "../../StoreUnavailable.ts";
import { readAssetsOfMany, wantedKey } from "../reads/readAssets.ts";
import type { Asset, AssetId, WorkspaceId } from "@reelstate/lifecycle";
import type { Wanted } from "../reads/readAssets.ts";
import type { Session } from "../Session.ts";

/** Assets as they are once a command has committed: those whose commands were committed together are read together, whoever's they are. */
export interface Answers {
  readonly assets: (workspaceId: WorkspaceId, ids: readonly AssetId[]) => Promise<readonly Asset[]>;
}

interface Gathering {
  readonly wanted: Wanted[];
  readonly found: Promise<ReadonlyMap<string, Asset>>;
}

export function openAnswers(session: Session): Answers {
  let gathering: Gathering | null = null;

  function gather(): Gathering {
    const wanted: Wanted[] = [];
    // Whoever was answered by the same commit asks before this goes on.
    const found = Promise.resolve().then(() => {
      gathering = null;
      return session.db.snapshot((connection) => readAssetsOfMany(session, connection, wanted)).catch(unconfirmed);
    });
    return { wanted, found };
  }

  return {
    assets: async (workspaceId, ids) => {
      if (ids.length === 0) return [];
      const { wanted, found } = (gathering ??= gather());
      wanted.push(...ids.map((id) => ({ workspaceId, id })));
      const assets = await found;
      return ids.flatMap((id) => assets.get(wantedKey({ workspaceId, id })) ?? []);
    },
  };
}

/** What was asked for is done, and only its answer cannot be had. */
function unconfirmed(error: unknown): never {
  throw error instanceof StoreUnavailable ? new StoreUnavailable("unconfirmed", { cause: error }) : error;
}
