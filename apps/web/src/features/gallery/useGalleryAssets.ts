import { useMemo } from "react";
import { trpc } from "../../trpc.ts";
import { listFilter } from "../../address/place.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { Place } from "../../address/place.ts";

const PAGE = 60;

export interface GalleryAssets {
  /** Null until the first answer. */
  readonly assets: readonly Asset[] | null;
  readonly failed: boolean;
  /** Of the last try. */
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  loadMore(): void;
  again(): void;
}

/** The part of the library that a place shows; the live feed keeps every page of it true. */
export function useGalleryAssets(place: Place): GalleryAssets {
  const list = trpc.assets.list.useInfiniteQuery(
    { ...listFilter(place), limit: PAGE },
    { getNextPageParam: ({ nextCursor }) => nextCursor },
  );
  const pages = list.data?.pages;
  const assets = useMemo(() => pages?.flatMap(({ items }) => items) ?? null, [pages]);
  return {
    assets,
    // Asked on and on while the studio cannot be reached: said after the first tries, not after the last.
    failed: assets === null && (list.isError || list.failureCount > 2),
    error: list.failureReason,
    hasMore: list.hasNextPage,
    loadingMore: list.isFetchingNextPage,
    loadMore: () => void (list.isFetchingNextPage || list.fetchNextPage()),
    again: () => void list.refetch(),
  };
}
