/** A table as Markdown has it, the first column to the left and the others to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = `|${head.map((_, index) => (index === 0 ? "---|" : "---:|")).join("")}`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

export interface Line {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  readonly ok: boolean;
}

export function goalTable(lines: readonly Line[]): string {
  return markdownTable(
    ["", "measured", "goal", ""],
    lines.map(({ what, measured, goal, ok }) => [what, measured, goal, goal === "" ? "" : ok ? "reached" : "MISSED"]),
  );
}

export function rate(value: number): string {
  return Math.round(value).toLocaleString("en");
}

export function ms(value: number): string {
  return `${value < 100 ? value.toFixed(2) : Math.round(value).toLocaleString("en")} ms`;
}
