import { setTimeout as delay } from "node:timers/promises";
import { studioClient } from "../harness/studioClient.ts";
import { allAssets } from "./readEvidence.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { World } from "./World.ts";

/** For what hangs; a storm settles within a few seconds. */
const PATIENCE_MS = 150_000;

/**
 * After the storm: what runs for ever is cancelled, what was paid for and not received is recovered (P6), and everything
 * else is left to end by itself. Gives up in the end: the judges say what is left.
 */
export async function settle(world: World): Promise<void> {
  const client = studioClient(world.studio.url);
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const assets = await allAssets(client);
    const steps = assets.map(step);
    if (steps.every((moved) => moved === null)) return;
    for (const begin of steps) if (begin !== null) await begin();
    await delay(100);
  }

  function step(asset: Asset): (() => Promise<void>) | null {
    const { id, liveJob, lastJob, currentVersion } = asset;
    if (liveJob !== null) {
      // The version being made over a completed one is not shown here: whatever still runs may be wished away.
      const hangs = world.trade.hangs(currentVersion) || liveJob.versionId !== currentVersion.id;
      return hangs && !liveJob.cancelRequested ? () => cancel(id) : async () => {};
    }
    return lastJob?.recoverable === true ? () => recover(id) : null;
  }

  async function cancel(id: Asset["id"]): Promise<void> {
    world.wished.add(id);
    // It may have ended in between.
    await client.assets.cancel.mutate({ id }).catch(() => {});
  }

  async function recover(id: Asset["id"]): Promise<void> {
    await client.assets.recover.mutate({ id });
    world.started.set(id, (world.started.get(id) ?? 0) + 1);
  }
}
