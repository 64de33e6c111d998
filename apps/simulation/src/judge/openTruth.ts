import { viewOf } from "@reelstate/lifecycle";
import type { Asset } from "@reelstate/lifecycle";
import type { World } from "../World.ts";

/** Everything the studio has ever said of an asset, to hold against what a browser shows. */
export interface Truth {
  /** An answer or item on its way to a browser. */
  readonly said: (value: unknown) => void;
  /** A card is drawn. */
  readonly drawn: (browser: string, asset: Asset) => void;
}

/**
 * What is shown must be a whole that was once said: of one row version there is one view, latest values (progress and
 * place in line) aside, and those must have been said of that very attempt (A9, E4).
 */
export function openTruth(world: World): Truth {
  const views = new Map<string, string>();
  const phases = new Set<string>();
  const shown = new Map<string, number>();
  const known = new WeakSet<object>();

  function remember(asset: Asset): void {
    const key = `${asset.id} ${asset.rowVersion}`;
    const view = lasting(asset);
    const before = views.get(key);
    if (before === undefined) views.set(key, view);
    else if (before !== view) world.accuse("A9", `two states of one row version: ${before} and ${view}`);
    const job = asset.liveJob;
    if (job !== null) phases.add(`${job.id} ${job.attempt} ${job.phase}`);
  }

  return {
    said: (value) => {
      for (const asset of assetsIn(value)) remember(asset);
      if (isProgress(value)) phases.add(`${value.jobId} ${value.attempt} ${value.phase}`);
    },
    drawn: (browser, asset) => {
      if (known.has(asset)) return;
      known.add(asset);
      world.counts.renders += 1;
      const card = `${browser} ${asset.id}`;
      const before = shown.get(card) ?? 0;
      if (asset.rowVersion < before)
        world.accuse("E5", `${browser} went back from ${before} to ${asset.rowVersion} of ${asset.id}`);
      shown.set(card, asset.rowVersion);
      const view = lasting(asset);
      const said = views.get(`${asset.id} ${asset.rowVersion}`);
      if (said !== view) world.accuse("U6", `${browser} shows what never was: ${view}; it was ${said ?? "not said"}`);
      const job = asset.liveJob;
      if (job !== null && !phases.has(`${job.id} ${job.attempt} ${job.phase}`))
        world.accuse("E4", `${browser} shows ${job.phase} of attempt ${job.attempt}, which was never said`);
      viewOf(asset);
    },
  };
}

/** What of a live job changes without a new row version (A9); a phase does while an attempt runs. */
const LATEST = new Set(["progress", "phase", "queuePosition", "startsIn", "waitingFor", "openSubmission"]);

/** The asset without its latest values. */
function lasting(asset: Asset): string {
  const { liveJob, ...rest } = asset;
  if (liveJob === null) return JSON.stringify(rest);
  const job = Object.fromEntries(Object.entries(liveJob).filter(([name]) => !LATEST.has(name)));
  return JSON.stringify({ ...rest, job, phase: liveJob.status === "pending" ? liveJob.phase : null });
}

function assetsIn(value: unknown): readonly Asset[] {
  if (typeof value !== "object" || value === null) return [];
  const { asset, assets, items } = value as {
    asset?: Asset | null;
    assets?: readonly Asset[];
    items?: readonly Asset[];
  };
  if (asset !== undefined) return asset === null ? [] : [asset];
  if (assets !== undefined) return assets;
  if (items !== undefined) return items;
  return "rowVersion" in value ? [value as Asset] : [];
}

function isProgress(value: unknown): value is { jobId: string; attempt: number; phase: string } {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "progress";
}
