export interface JustifiedItem {
  /** Its place in the list. */
  readonly index: number;
  readonly left: number;
  readonly width: number;
}

export interface JustifiedRow {
  readonly height: number;
  readonly items: readonly JustifiedItem[];
}

export interface JustifyOptions {
  readonly width: number;
  readonly gap: number;
  /** About how high a row should be. */
  readonly height: number;
}

/** The last row keeps the usual height, so that one picture is not as wide as the screen. */
const LAST_ROW_STRETCH = 1.15;

/** Rows of equal height and full width that keep every aspect ratio (width / height): a contact sheet. */
export function justifyRows(
  aspects: readonly number[],
  { width, gap, height }: JustifyOptions,
): readonly JustifiedRow[] {
  const rows: JustifiedRow[] = [];
  if (width <= 0) return rows;
  let first = 0;
  while (first < aspects.length) {
    let sum = 0;
    let last = first;
    let best = { end: first + 1, height: Infinity };
    for (; last < aspects.length; last++) {
      sum += aspects[last] ?? 1;
      const fitting = (width - gap * (last - first)) / sum;
      if (Math.abs(fitting - height) <= Math.abs(best.height - height)) best = { end: last + 1, height: fitting };
      if (fitting < height) break;
    }
    const isLast = best.end === aspects.length;
    const rowHeight = isLast ? Math.min(best.height, height * LAST_ROW_STRETCH) : best.height;
    rows.push(rowOf(aspects, { first, end: best.end, height: rowHeight, gap }));
    first = best.end;
  }
  return rows;
}

function rowOf(
  aspects: readonly number[],
  {
    first,
    end,
    height,
    gap,
  }: { readonly first: number; readonly end: number; readonly height: number; readonly gap: number },
): JustifiedRow {
  let left = 0;
  const items: JustifiedItem[] = [];
  for (let index = first; index < end; index++) {
    const width = (aspects[index] ?? 1) * height;
    items.push({ index, left, width });
    left += width + gap;
  }
  return { height, items };
}
