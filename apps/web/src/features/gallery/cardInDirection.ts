import type { JustifiedItem, JustifiedRow } from "./justifyRows.ts";

/** The card that an arrow key leads to from another: its neighbour, or the nearest in the row above or below. */
export function cardInDirection(
  rows: readonly JustifiedRow[],
  index: number,
  key: string,
): { readonly row: number; readonly index: number } | null {
  const row = rows.findIndex(({ items }) => items.some((item) => item.index === index));
  const here = rows[row]?.items.find((item) => item.index === index);
  if (here === undefined) return null;
  switch (key) {
    case "ArrowLeft":
      return placeOf(rows, index - 1);
    case "ArrowRight":
      return placeOf(rows, index + 1);
    case "ArrowUp":
      return nearest(rows, row - 1, here);
    case "ArrowDown":
      return nearest(rows, row + 1, here);
    default:
      return null;
  }
}

function placeOf(rows: readonly JustifiedRow[], index: number) {
  const row = rows.findIndex(({ items }) => items.some((item) => item.index === index));
  return row === -1 ? null : { row, index };
}

function nearest(rows: readonly JustifiedRow[], row: number, { left, width }: JustifiedItem) {
  const centre = left + width / 2;
  const distance = (item: JustifiedItem) => Math.abs(item.left + item.width / 2 - centre);
  const items = rows[row]?.items ?? [];
  const best = items.toSorted((a, b) => distance(a) - distance(b))[0];
  return best === undefined ? null : { row, index: best.index };
}
