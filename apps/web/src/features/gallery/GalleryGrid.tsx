import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { AssetCard } from "../../ui/AssetCard.tsx";
import { useModelNames } from "../models/useModelNames.ts";
import { aspectOf } from "./aspectOf.ts";
import { cardInDirection } from "./cardInDirection.ts";
import { justifyRows } from "./justifyRows.ts";
import { useWidth } from "./useWidth.ts";
import type { KeyboardEvent, RefObject } from "react";
import type { Asset, AssetAction, AssetId, PrimaryActionView } from "@reelstate/lifecycle";

const GAP = 6;
const EDGE = 6;
const OVERSCAN_ROWS = 3;
const PHONE = 640;
/** Room for the composer, so that the last row can be seen above it. */
const BOTTOM = 112;

export interface GalleryGridProps {
  readonly assets: readonly Asset[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly hasMore: boolean;
  onMore(): void;
  onOpen(asset: Asset): void;
  onPress(asset: Asset, action: PrimaryActionView): void;
  onMenu(asset: Asset, anchor: HTMLElement): void;
  pendingOf(id: AssetId): AssetAction | null;
}

/** A contact sheet of any length: only the rows near the window exist. */
export function GalleryGrid({
  assets,
  scroller,
  hasMore,
  onMore,
  onOpen,
  onPress,
  onMenu,
  pendingOf,
}: GalleryGridProps) {
  const { language, words } = useWords();
  const modelNamed = useModelNames();
  const grid = useRef<HTMLDivElement>(null);
  const width = useWidth(grid);
  const rows = useMemo(
    () => justifyRows(assets.map(aspectOf), { width, gap: GAP, height: rowHeight(width) }),
    [assets, width],
  );
  // oxlint-disable-next-line react/incompatible-library -- read while drawing, as its own documentation does
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.height ?? 0) + GAP,
    overscan: OVERSCAN_ROWS,
    paddingStart: EDGE,
    paddingEnd: BOTTOM,
    getItemKey: (index) => assets[rows[index]?.items[0]?.index ?? -1]?.id ?? index,
  });
  useEffect(() => virtualizer.measure(), [rows, virtualizer]);

  const shown = virtualizer.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= rows.length - OVERSCAN_ROWS) onMore();
  }, [hasMore, lastShown, onMore, rows.length]);

  const onKeyDown = (event: KeyboardEvent) => {
    const card = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-index]") : null;
    if (card === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const index = Number(card.dataset["index"]);
    const asset = assets[index];
    if (event.key === "Delete" && asset !== undefined) {
      event.preventDefault();
      return onPress(asset, { type: "delete", label: "", edit: false });
    }
    const next = cardInDirection(rows, index, event.key);
    if (next === null) return;
    event.preventDefault();
    virtualizer.scrollToIndex(next.row, { align: "auto" });
    focusCard(grid.current, next.index);
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys move between the links inside
    <section
      ref={grid}
      aria-label={words.gallery.label}
      onKeyDown={onKeyDown}
      className="relative mx-1.5"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {shown.map(({ index, key, start }) => (
        <div
          key={key}
          className="absolute inset-x-0 top-0"
          style={{ transform: `translateY(${start}px)`, height: rows[index]?.height }}
        >
          {rows[index]?.items.map(({ index: at, left, width: wide }) => {
            const asset = assets[at];
            if (asset === undefined) return null;
            return (
              <div key={asset.id} data-index={at} className="absolute top-0 h-full" style={{ left, width: wide }}>
                <AssetCard
                  asset={asset}
                  language={language}
                  href={`/a/${asset.id}`}
                  onOpen={onOpen}
                  onAction={onPress}
                  onMenu={onMenu}
                  acting={pendingOf(asset.id)}
                  sizes={`${Math.ceil(wide)}px`}
                  madeBy={asset.status === "failed" ? modelNamed(asset.currentVersion.model) : undefined}
                />
              </div>
            );
          })}
        </div>
      ))}
    </section>
  );
}

/** One wide picture to a row on a telephone, three on a desk, six on a wall. */
function rowHeight(width: number): number {
  if (width < PHONE) return 260;
  return Math.round(Math.min(430, Math.max(235, width / 5.2)));
}

/** The row may not be drawn yet: asks again with the next frames. */
function focusCard(grid: HTMLElement | null, index: number, tries = 12): void {
  const link = grid?.querySelector<HTMLElement>(`[data-index="${index}"] [data-card-link]`);
  if (link) return link.focus({ preventScroll: true });
  if (tries > 0) requestAnimationFrame(() => focusCard(grid, index, tries - 1));
}
