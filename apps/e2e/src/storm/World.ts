import { SIMULATED } from "./simulatedTrade.ts";
import type { AssetId } from "@reelstate/lifecycle";
import type { Finding } from "./Finding.ts";
import type { Studio } from "../harness/startStudio.ts";
import type { Trade } from "./Trade.ts";

/** Where a studio of one process or of many is, and where the simulated provider's log lies. */
export type Place = Pick<Studio, "url" | "dataDir">;

/** What people know of a storm: what they were promised, and what they did. */
export interface World {
  readonly studio: Place;
  readonly trade: Trade;
  /** Whether the studio may say that its database is away (503): then it is asked again, as when nobody answers. */
  readonly mayBeAway: boolean;
  /** For how long one thing is asked; who is not answered then never will be. */
  readonly patienceMs: number;
  /** Whether asking makes sense; a request under way when it turns false is lost. */
  up: boolean;
  /** Whether the storm is over: nothing new is begun, what was begun is asked until it is answered. */
  over: boolean;
  /** Every asset that a create was answered with, and how many jobs people started on it, the first included. */
  readonly started: Map<AssetId, number>;
  readonly wished: Set<AssetId>;
  readonly deleted: Set<AssetId>;
  /** Requests made again because a kill took the answer; and those refused in words. */
  repeats: number;
  refusals: number;
  /** What nobody may ever hear, such as a 500. */
  readonly heard: Finding[];
}

/** For what hangs, not for what is slow: kills may take the answer of the same question again and again. */
const PATIENCE_MS = 600_000;

export function newWorld(
  studio: Place,
  { mayBeAway = false, patienceMs = PATIENCE_MS, trade = SIMULATED } = {},
): World {
  return {
    studio,
    trade,
    mayBeAway,
    patienceMs,
    up: true,
    over: false,
    started: new Map(),
    wished: new Set(),
    deleted: new Set(),
    repeats: 0,
    refusals: 0,
    heard: [],
  };
}
