import { ASSET_EFFECTS } from "./assetEffects.ts";
import { ASSET_GUARD_REFUSALS, ASSET_GUARDS } from "./assetGuards.ts";
import { assetMachine } from "./assetMachine.ts";
import { compileTable } from "./compileTable.ts";
import type { AssetContext, AssetEvent } from "./assetGuards.ts";
import type { DecisionTable } from "./compileTable.ts";

const UNDER_WAY: ReadonlySet<string> = new Set(["pending", "processing"]);

let compiled: DecisionTable<AssetContext, AssetEvent> | null = null;

/** `assetMachine`, compiled. */
export function assetTable(): DecisionTable<AssetContext, AssetEvent> {
  return (compiled ??= compileTable({
    machine: assetMachine,
    guards: ASSET_GUARDS,
    actions: Object.keys(ASSET_EFFECTS),
    reasons: ASSET_GUARD_REFUSALS,
    untaken: (place) => (UNDER_WAY.has(place) ? "busy" : "illegal"),
  }));
}
