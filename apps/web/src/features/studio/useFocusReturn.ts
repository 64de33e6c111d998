import { useEffect, useRef } from "react";
import { LIBRARY } from "../gallery/Gallery.tsx";
import type { AssetId } from "@reelstate/lifecycle";

/** When details close, the focus is on the card they were of, where it is drawn, else on the library. */
export function useFocusReturn(openAsset: AssetId | null): void {
  const last = useRef<AssetId | null>(null);
  useEffect(() => {
    const closed = openAsset === null ? last.current : null;
    last.current = openAsset;
    if (closed === null) return;
    // A field that was asked for meanwhile, such as the prompt, keeps it.
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    const card = document.querySelector<HTMLElement>(`[data-asset-id="${closed}"] [data-card-link]`);
    (card ?? document.getElementById(LIBRARY))?.focus({ preventScroll: card === null });
  }, [openAsset]);
}
