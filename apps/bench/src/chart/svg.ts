/** A drawing that stands for itself, in the reader's light or dark: what belongs to the studio is in colour. */
export interface Drawing {
  readonly height: number;
  readonly body: string;
}

export const WIDTH = 860;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 15px; }
  .quiet { fill: #656d76; }
  .ours { fill: #0f766e; stroke: #0f766e; }
  .other { fill: #9aa4af; stroke: #9aa4af; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .paper { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .quiet { fill: #8b949e; }
    .ours { fill: #2dd4bf; stroke: #2dd4bf; }
    .other { fill: #6e7681; stroke: #6e7681; }
    .grid { stroke: #30363d; }
    .paper { fill: #0d1117; }
  }`;

/** One below the other, as a whole file. */
export function toSvg(drawings: readonly Drawing[]): string {
  let y = 16;
  const parts = drawings.map(({ height, body }) => {
    const placed = `<g transform="translate(0 ${y})">${body}</g>`;
    y += height + 20;
    return placed;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">
<style>${STYLE}
</style>
<rect class="paper" width="${WIDTH}" height="${y}" rx="8"/>
${parts.join("\n")}
</svg>
`;
}

export function text(
  words: string,
  {
    x,
    y,
    of = "",
    anchor = "start",
  }: { readonly x: number; readonly y: number; readonly of?: string; readonly anchor?: string },
): string {
  return `<text x="${round(x)}" y="${round(y)}" class="${of}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
