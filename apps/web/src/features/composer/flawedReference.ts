import { otherInputs, usedInputs } from "./requestOf.ts";
import type { AssetId } from "@reelstate/lifecycle";
import type { Draft } from "./Draft.ts";
import type { Settings } from "./requestOf.ts";
import type { ReferenceState } from "./useReferenceStates.ts";

/** The first reference by which the draft cannot be made, and why. */
export interface FlawedReference {
  readonly why: "referenceGone" | "referenceNotMade";
  readonly name: string;
}

/** A version that keeps its references was made from frozen ones: those may have been deleted since (A7). */
export function flawedReference(
  draft: Draft,
  settings: Settings,
  states: ReadonlyMap<AssetId, ReferenceState>,
): FlawedReference | null {
  const kept = draft.versionOf !== null && otherInputs(draft, settings) === null;
  for (const { assetId, name } of usedInputs(draft, settings)) {
    const { asset = null, flaw = null } = states.get(assetId) ?? {};
    if (flaw === "notMade") return { why: "referenceNotMade", name: asset?.name ?? name };
    if (flaw === "gone" && !kept) return { why: "referenceGone", name };
  }
  return null;
}
