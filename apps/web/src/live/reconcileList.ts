import type { AssetPageAnswer } from "@reelstate/api";
import type { Asset, AssetId, AssetType, ProjectId, Status } from "@reelstate/lifecycle";
import type { Knowledge } from "./knowledge.ts";

/** What a list was asked for. */
export interface ListFilter {
  readonly projectId?: ProjectId;
  readonly status?: Status;
  readonly type?: AssetType;
  readonly search?: string;
}

/**
 * The pages of a list as they are by everything known: each asset at its newest, without what was removed or has left
 * the filter, with what came into it since the page was read. `touched`: only these can have come in. Gives back `pages`
 * itself, and every page and asset in it, where nothing changes.
 */
export function reconcileList(
  pages: readonly AssetPageAnswer[],
  filter: ListFilter,
  { known, touched }: { readonly known: Knowledge; readonly touched?: Iterable<AssetId> },
): readonly AssetPageAnswer[] {
  const shown = new Set<AssetId>();
  const kept = pages.map((page) => keepTrue(page, filter, { known, shown }));
  for (const id of touched ?? known.assets.keys()) {
    const entry = shown.has(id) ? undefined : known.assets.get(id);
    // A replay may name an asset several times.
    shown.add(id);
    if (entry !== undefined && matches(entry.asset, filter)) place(kept, entry.asset, entry.seq);
  }
  return kept.every((page, index) => page === pages[index]) ? pages : kept;
}

function keepTrue(
  page: AssetPageAnswer,
  filter: ListFilter,
  { known, shown }: { readonly known: Knowledge; readonly shown: Set<AssetId> },
): AssetPageAnswer {
  let changed = false;
  const items = page.items.flatMap((item) => {
    const asset = known.assets.get(item.id)?.asset ?? item;
    // A newer asset is asked again whether it belongs here; its words cannot have changed.
    const stays = !known.removed.has(item.id) && !shown.has(item.id) && (asset === item || matchesKind(asset, filter));
    shown.add(item.id);
    changed ||= !stays || asset !== item;
    return stays ? [asset] : [];
  });
  return changed ? { ...page, items } : page;
}

/** Puts an asset where the studio would list it, unless that is beyond what was loaded, or the page knew better. */
function place(pages: AssetPageAnswer[], asset: Asset, seq: number): void {
  for (const [index, page] of pages.entries()) {
    const at = page.items.findIndex((item) => isBefore(asset, item));
    const isEnd =
      index === pages.length - 1 && (page.nextCursor === null || pages.every(({ items }) => items.length === 0));
    if (at === -1 && !isEnd) continue;
    if (seq <= page.seq) return;
    pages[index] = { ...page, items: page.items.toSpliced(at === -1 ? page.items.length : at, 0, asset) };
    return;
  }
}

/** As the studio lists them: by their ids, which several processes make by clocks of their own, whatever time the database then writes down. */
function isBefore(a: Asset, b: Asset): boolean {
  return a.id > b.id;
}

function matches(asset: Asset, filter: ListFilter): boolean {
  return matchesKind(asset, filter) && matchesWords(asset, filter.search);
}

function matchesKind(asset: Asset, { projectId, status, type }: ListFilter): boolean {
  return (
    (projectId === undefined || asset.projectId === projectId) &&
    (status === undefined || asset.status === status) &&
    (type === undefined || asset.type === type)
  );
}

function matchesWords({ name, currentVersion }: Asset, search: string | undefined): boolean {
  const text = `${name}\n${currentVersion.prompt}`.toLowerCase();
  const words = (search ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.every((word) => text.includes(word));
}
