import { round, text, WIDTH } from "./svg.ts";
import type { Drawing } from "./svg.ts";

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What is written behind it. */
  readonly says: string;
  /** How far a thin line goes on beyond it: a percentile above the middle. */
  readonly until?: number;
  readonly ours: boolean;
}

export interface Bars {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Each step of ten as wide as the one before, for values that are orders of magnitude apart. */
  readonly logarithmic?: boolean;
}

const LABELS = 290;
const SAYS = 170;
const ROW = 26;
const TOP = 34;

/** Bars that lie below each other, the longest as long as there is room. */
export function drawBars({ title, bars, logarithmic = false }: Bars): Drawing {
  const room = WIDTH - LABELS - SAYS - 20;
  const values = bars.flatMap(({ value, until }) => [value, until ?? value]).filter((value) => value > 0);
  const most = Math.max(...values);
  // The step of ten below the smallest, so that it has a length too.
  const least = 10 ** (Math.ceil(Math.log10(Math.min(...values))) - 1);
  const length = (value: number): number => {
    if (value <= 0) return 1;
    if (!logarithmic) return Math.max(1, (value / most) * room);
    return Math.max(1, (Math.log10(value / least) / Math.log10(most / least)) * room);
  };
  const rows = bars.map(({ label, value, says, until, ours }, index) => {
    const y = TOP + index * ROW;
    const kind = ours ? "ours" : "other";
    const end = LABELS + Math.max(length(value), until === undefined ? 0 : length(until));
    const beyond =
      until === undefined
        ? ""
        : `<line class="${kind}" x1="${LABELS}" x2="${round(LABELS + length(until))}" y1="${y + 8}" y2="${y + 8}" stroke-width="2"/>`;
    return [
      text(label, { x: LABELS - 10, y: y + 13, anchor: "end" }),
      beyond,
      `<rect class="${kind}" x="${LABELS}" y="${y}" width="${round(length(value))}" height="16" rx="2"/>`,
      text(says, { x: end + 8, y: y + 13, of: "quiet" }),
    ].join("");
  });
  return { height: TOP + bars.length * ROW, body: [text(title, { x: 20, y: 14, of: "title" }), ...rows].join("\n") };
}
