import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { trpc } from "../../trpc.ts";
import type { CreditEntry } from "@reelstate/api";

const PAGE = 50;
const NEWEST: { readonly before?: number } = {};
/** Under the procedure's own name, by which the cache writer finds what an event makes stale. */
const KEY = [["credits", "entries"], { type: "infinite", input: { limit: PAGE } }] as const;

export interface Ledger {
  /** Newest first; null until the first answer. */
  readonly entries: readonly CreditEntry[] | null;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  loadMore(): void;
}

/** The ledger from its newest line back, a page at a time. Read again, each page begins where the one before it ends. */
export function useLedger(): Ledger {
  const { client } = trpc.useUtils();
  const ledger = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam, signal }) => client.credits.entries.query({ limit: PAGE, ...pageParam }, { signal }),
    initialPageParam: NEWEST,
    getNextPageParam: (page) => {
      const oldest = page.at(-1);
      return page.length < PAGE || oldest === undefined ? undefined : { before: oldest.id };
    },
  });
  const pages = ledger.data?.pages;
  const entries = useMemo(() => pages?.flat() ?? null, [pages]);
  return {
    entries,
    hasMore: ledger.hasNextPage,
    loadingMore: ledger.isFetchingNextPage,
    loadMore: () => void (ledger.isFetchingNextPage || ledger.fetchNextPage()),
  };
}
