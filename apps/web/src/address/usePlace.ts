import { useCallback } from "react";
import { assetHref, libraryHref } from "./Address.ts";
import { navigate } from "./navigate.ts";
import { useAddress } from "./useAddress.ts";
import type { AssetId } from "@reelstate/lifecycle";
import type { Place } from "./place.ts";

export interface Places {
  readonly place: Place;
  /** The asset whose details are open. */
  readonly assetId: AssetId | null;
  go(place: Place): void;
  /** From one asset's details to another's counts as one step back. */
  openAsset(id: AssetId): void;
  closeAsset(): void;
}

/** Where the reader is, and the ways from here. */
export function usePlace(): Places {
  const address = useAddress();
  const { place } = address;
  const assetId = address.at === "asset" ? address.assetId : null;
  const go = useCallback((to: Place) => navigate(libraryHref(to)), []);
  const openAsset = useCallback(
    (id: AssetId) => navigate(assetHref(id, place), { replace: assetId !== null }),
    [assetId, place],
  );
  const closeAsset = useCallback(() => go(place), [go, place]);
  return { place, assetId, go, openAsset, closeAsset };
}
