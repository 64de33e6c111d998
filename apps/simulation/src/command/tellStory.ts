import { styleText } from "node:util";
import { forbidRealTime } from "../clock/forbidRealTime.ts";
import { openTemplate } from "../openTemplate.ts";
import { playLife } from "../playLife.ts";
import { BEGINNING } from "../World.ts";
import type { Breakage } from "../Breakage.ts";
import type { LifeReport } from "../playLife.ts";
import type { Listener } from "../World.ts";

type Color = Parameters<typeof styleText>[0];

const DETAIL_CHARS = 110;

/** Prints one life: when, who, what, and what about it. */
export async function tellStory(
  seed: number,
  { out, breakage }: { readonly out: NodeJS.WriteStream; readonly breakage: Breakage },
): Promise<LifeReport> {
  using template = await openTemplate();
  forbidRealTime(() => BEGINNING);
  const lines: string[] = [];
  const paint = (color: Color, text: string): string => (out.isTTY ? styleText(color, text) : text);
  const listen: Listener = (at, who, what, detail) => {
    const color = colorOf(who, what);
    const short = detail.length > DETAIL_CHARS && who !== "judge" ? `${detail.slice(0, DETAIL_CHARS)}…` : detail;
    lines.push(`${paint("dim", clock(at))}  ${paint(color, who.padEnd(14))} ${what.padEnd(26)} ${paint("dim", short)}`);
  };
  const report = await playLife(template, seed, { listen, breakage });
  out.write(`${lines.join("\n")}\n`);
  return report;
}

function clock(ms: number): string {
  const seconds = (ms / 1_000).toFixed(3).padStart(8, " ");
  return `${seconds} s`;
}

function colorOf(who: string, what: string): Color {
  if (who === "judge" || /killed|dies|full|lost|could not/.test(what)) return "red";
  if (/drops|doubles|stopped|never got|broken/.test(what)) return "yellow";
  if (who.startsWith("studio")) return "cyan";
  return who === "alpha" || who === "beta" ? "magenta" : "green";
}
