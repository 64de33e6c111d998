import type { InfiniteData, Query } from "@tanstack/react-query";
import type { AssetPageAnswer } from "@reelstate/api";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { ListFilter } from "./reconcileList.ts";

/** What a query of the cache holds, for those that the live feed keeps true. */
export type LiveAnswer =
  | {
      readonly of: "list";
      readonly filter: ListFilter;
      readonly pages: readonly AssetPageAnswer[];
      /** The query's data with these pages. */
      withPages(pages: readonly AssetPageAnswer[]): unknown;
    }
  | { readonly of: "asset"; readonly id: AssetId; readonly asset: Asset | null }
  | { readonly of: "credits" }
  | { readonly of: "other" };

/** A query read by its tRPC key, `[[router, procedure], { input, type }]`; null for keys that are not tRPC's. */
export function answersOf(query: Query): LiveAnswer | null {
  const [path, { input, type } = {}] = query.queryKey as readonly [unknown?, { input?: unknown; type?: string }?];
  if (!Array.isArray(path)) return null;
  switch (path.join(".")) {
    case "assets.list":
      return listAnswer(query, input ?? {}, type === "infinite");
    case "assets.get":
      return { of: "asset", id: (input as { id: AssetId }).id, asset: (query.state.data as Asset | undefined) ?? null };
    case "credits.summary":
      return { of: "credits" };
    default:
      return { of: "other" };
  }
}

function listAnswer(query: Query, filter: ListFilter, infinite: boolean): LiveAnswer {
  if (!infinite) {
    const page = query.state.data as AssetPageAnswer | undefined;
    return { of: "list", filter, pages: page === undefined ? [] : [page], withPages: ([only]) => only };
  }
  const data = query.state.data as InfiniteData<AssetPageAnswer> | undefined;
  return { of: "list", filter, pages: data?.pages ?? [], withPages: (pages) => ({ ...data, pages }) };
}
