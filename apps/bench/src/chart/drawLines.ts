import { round, text, WIDTH } from "./svg.ts";
import type { Drawing } from "./svg.ts";

export interface Lines {
  readonly title: string;
  /** What stands below each point, from left to right. */
  readonly at: readonly string[];
  readonly lines: readonly { readonly label: string; readonly values: readonly number[]; readonly dashed?: boolean }[];
  readonly says: (value: number) => string;
}

const LEFT = 70;
const RIGHT = 240;
const TOP = 40;
const TALL = 170;
const LABEL_APART = 17;

/** Lines over a few places, from zero up, so that a line that falls by a tenth looks like it. */
export function drawLines({ title, at, lines, says }: Lines): Drawing {
  const most = Math.max(...lines.flatMap(({ values }) => values));
  const wide = WIDTH - LEFT - RIGHT;
  const x = (index: number): number => LEFT + (at.length === 1 ? wide / 2 : (index * wide) / (at.length - 1));
  const y = (value: number): number => TOP + TALL - (value / most) * TALL;
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = share * most;
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(value))}" y2="${round(y(value))}"/>${text(says(value), { x: LEFT - 8, y: y(value) + 4, of: "quiet", anchor: "end" })}`;
  });
  const places = at.map((label, index) =>
    text(label, { x: x(index), y: TOP + TALL + 20, of: "quiet", anchor: "middle" }),
  );
  // The labels stand where their lines end, one below the other where those come together.
  let above = Number.NEGATIVE_INFINITY;
  const labelled = lines
    .toSorted((a, b) => (b.values.at(-1) ?? 0) - (a.values.at(-1) ?? 0))
    .map((line) => {
      above = Math.max(above + LABEL_APART, y(line.values.at(-1) ?? 0) + 4);
      return { line, labelY: above };
    });
  const drawn = labelled.map(({ line: { label, values, dashed = false }, labelY }) => {
    const points = values.map((value, index) => `${round(x(index))},${round(y(value))}`);
    const kind = dashed ? "other" : "ours";
    return [
      `<polyline class="${kind}" style="fill: none" stroke-width="2.5" points="${points.join(" ")}"${dashed ? ' stroke-dasharray="6 4"' : ""}/>`,
      ...values.map(
        (value, index) => `<circle class="${kind}" cx="${round(x(index))}" cy="${round(y(value))}" r="3.5"/>`,
      ),
      text(`${label}: ${says(values.at(-1) ?? 0)}`, { x: WIDTH - RIGHT + 12, y: labelY }),
    ].join("");
  });
  return {
    height: TOP + TALL + 28,
    body: [text(title, { x: 20, y: 14, of: "title" }), ...grid, ...places, ...drawn].join("\n"),
  };
}
