import { useCallback, useMemo, useRef, useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { LazyMenu } from "../../ui/LazyMenu.tsx";
import { useAssetMenu } from "../useAssetMenu.tsx";
import { useAssetPress } from "../useAssetPress.ts";
import { usePlace } from "../../address/usePlace.ts";
import { GalleryEmpty } from "./GalleryEmpty.tsx";
import { GalleryFailed } from "./GalleryFailed.tsx";
import { GalleryGrid } from "./GalleryGrid.tsx";
import { GallerySkeleton } from "./GallerySkeleton.tsx";
import type { Asset } from "@reelstate/lifecycle";
import type { GalleryAssets } from "./useGalleryAssets.ts";

/** The element that scrolls. */
export const LIBRARY = "library";

/** The library, edge to edge. */
export function Gallery({ list }: { readonly list: GalleryAssets }) {
  const { words } = useWords();
  const { place, openAsset } = usePlace();
  const { press, pendingOf } = useAssetPress();
  const [menu, setMenu] = useState<{ readonly asset: Asset; readonly anchor: HTMLElement } | null>(null);
  const choicesOf = useAssetMenu();
  const scroller = useRef<HTMLDivElement>(null);
  const { assets, failed, error, hasMore, loadMore, again } = list;
  const openMenu = useCallback((asset: Asset, anchor: HTMLElement) => setMenu({ asset, anchor }), []);
  const open = useCallback((asset: Asset) => openAsset(asset.id), [openAsset]);
  const current = useMemo(() => assets?.find(({ id }) => id === menu?.asset.id) ?? null, [assets, menu]);

  return (
    <main
      id={LIBRARY}
      ref={scroller}
      tabIndex={-1}
      aria-label={words.gallery.label}
      className="absolute inset-0 overflow-y-auto outline-none"
    >
      <h1 className="sr-only">{words.studio}</h1>
      {failed ? (
        <GalleryFailed error={error} onAgain={again} />
      ) : assets === null ? (
        <GallerySkeleton />
      ) : assets.length === 0 ? (
        <GalleryEmpty place={place} />
      ) : (
        <GalleryGrid
          assets={assets}
          scroller={scroller}
          hasMore={hasMore}
          onMore={loadMore}
          onOpen={open}
          onPress={press}
          onMenu={openMenu}
          pendingOf={pendingOf}
        />
      )}
      <LazyMenu
        label={words.card.actions(menu?.asset.name ?? "")}
        open={menu !== null && current !== null}
        anchor={menu?.anchor ?? null}
        onClose={() => setMenu(null)}
        choices={current === null ? [] : choicesOf(current, (action) => press(current, action))}
      />
    </main>
  );
}
