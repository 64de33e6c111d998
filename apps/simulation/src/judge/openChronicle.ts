import type { AssetTransition, Store } from "@reelstate/db";
import type { AssetId } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";
import { WORKSPACE } from "../studio/openProcess.ts";
import type { World } from "../World.ts";

/** Writes down every event soon after it happened, and so knows what retention must not have changed (A8, A4, E1). */
export interface Chronicle {
  /** More often than events are pruned. */
  readonly read: () => void;
  /** How many assets were ever made with this prompt. */
  readonly made: (prompt: string) => number;
  readonly judge: (store: Store) => Promise<void>;
}

interface Line extends AssetTransition {
  readonly assetId: AssetId;
}

interface AssetRow {
  readonly id: AssetId;
  readonly status: string;
  readonly errorCode: string | null;
  readonly deletedAt: number | null;
}

/** `binMs`: how long a deleted asset stays; null where nothing is ever pruned. */
export function openChronicle(world: World, connection: Database, binMs: number | null): Chronicle {
  const later = connection.prepare(LATER);
  const prompt = connection.prepare("SELECT prompt FROM version WHERE asset_id = ? AND number = 1").pluck();
  const assets = connection.prepare("SELECT id, status, error_code AS errorCode, deleted_at AS deletedAt FROM asset");
  const told = new Map<AssetId, Line[]>();
  const gone = new Set<AssetId>();
  const prompts: string[] = [];
  let position = 0;

  function read(): void {
    for (const line of later.all(position) as readonly Line[]) {
      if (line.seq !== position + 1) world.accuse("E1", `after event ${position} came ${line.seq}`);
      position = line.seq;
      const lines = told.get(line.assetId);
      if (lines === undefined) {
        told.set(line.assetId, [line]);
        prompts.push(String(prompt.get(line.assetId)));
      } else lines.push(line);
    }
  }

  function judgeGone(there: ReadonlySet<AssetId>): void {
    const now = world.scheduler.now();
    for (const [id, lines] of told) {
      if (there.has(id) || gone.has(id)) continue;
      gone.add(id);
      const deletedAt = lines.find(({ event }) => event === "delete")?.at ?? null;
      if (deletedAt === null || binMs === null || deletedAt + binMs > now)
        world.accuse("A8", `asset ${id} is gone, and was ${deletedAt === null ? "never deleted" : "in the bin"}`);
    }
  }

  return {
    read: () => {
      read();
      judgeGone(new Set((assets.all() as readonly AssetRow[]).map(({ id }) => id)));
    },
    made: (wanted) => prompts.filter((one) => one === wanted).length,
    judge: async (store) => {
      for (const { id, status, errorCode, deletedAt } of assets.all() as readonly AssetRow[]) {
        const lines = told.get(id) ?? [];
        const last = lines.at(-1);
        if (status !== last?.to) world.accuse("E1", `asset ${id} is ${status}, and its last event made it ${last?.to}`);
        const code = lines.findLast(({ jobTo }) => jobTo === "failed")?.code ?? null;
        if (status === "failed" && errorCode !== code)
          world.accuse("A4", `asset ${id} failed for ${errorCode}, and what was told is ${code}`);
        if (deletedAt !== null) continue;
        const kept = await store.assetHistory({ workspaceId: WORKSPACE, assetId: id });
        if (JSON.stringify(kept) !== JSON.stringify(lines.map(asHistory)))
          world.accuse("E1", `the history of asset ${id} is ${JSON.stringify(kept)}, and was ${JSON.stringify(lines)}`);
      }
    },
  };
}

/** As an asset's own history tells it: which asset it is of is said once. */
function asHistory({ assetId: _asset, ...transition }: Line): AssetTransition {
  return transition;
}

const LATER = `SELECT seq, at, event, from_status AS "from", to_status AS "to", job_id AS jobId, version_id AS versionId, attempt, job_from AS jobFrom,
job_to AS jobTo, code, asset_id AS assetId FROM event WHERE seq > ? ORDER BY seq`;
