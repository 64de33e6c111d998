import { HELP, readOptions } from "./Options.ts";
import { playMany } from "./playMany.ts";
import type { Breakage } from "../Breakage.ts";
import type { LifeReport } from "../playLife.ts";
import type { Options } from "./Options.ts";
import type { Sum } from "./Sum.ts";

/** What the lives are like that are played: the command's own, or a test's that are broken on purpose. */
export interface Played {
  /** The program that plays one part of many lives. */
  readonly chunk: string;
  readonly breakage: Breakage;
}

/** Does what was asked for, tells it, and gives the exit code: 1 when a life broke a rule, or nobody knows what was meant. */
export async function simulate(args: readonly string[], played: Played): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === null) {
      process.stdout.write(HELP);
      return 0;
    }
    return options.story ? await playAndTell(options, played) : await playAndSum(options, played);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 1;
  }
}

async function playAndTell({ seed }: Options, { breakage }: Played): Promise<number> {
  // A whole studio is loaded with it, which nobody else here needs.
  const { tellStory } = await import("./tellStory.ts");
  return explain(await tellStory(seed, { out: process.stdout, breakage }));
}

async function playAndSum(options: Options, { chunk }: Played): Promise<number> {
  const startedAt = performance.now();
  const shows = process.stderr.isTTY;
  const sum = await playMany({ ...options, chunk }, ({ lives, failures, deaths }) => {
    if (shows) process.stderr.write(`\r  ${lives} of ${options.runs} lives, ${deaths} deaths, ${failures} broken `);
  });
  if (shows) process.stderr.write("\r\u001B[K");
  process.stdout.write(summary(sum, performance.now() - startedAt));
  return sum.failed === null ? 0 : explain(sum.failed);
}

function summary(sum: Sum, wallMs: number): string {
  const row = (name: string, value: string): string => `  ${name.padEnd(16)} ${value.padStart(12)}\n`;
  const whole = (value: number): string => Math.round(value).toLocaleString("en");
  return [
    row("lives", whole(sum.lives)),
    row("broken", whole(sum.failures)),
    row("virtual hours", (sum.virtualMs / 3_600_000).toFixed(1)),
    row("deaths", whole(sum.deaths)),
    row("jobs", whole(sum.jobs)),
    row("paid requests", whole(sum.submits)),
    row("events", whole(sum.events)),
    row("effects", whole(sum.effects)),
    row("cards drawn", whole(sum.renders)),
    row("streams reset", whole(sum.resets)),
    row("files collected", whole(sum.collected)),
    row("wall seconds", (wallMs / 1_000).toFixed(1)),
    row("CPU seconds", (sum.cpuMs / 1_000).toFixed(1)),
    row("CPU ms a life", (sum.cpuMs / sum.lives).toFixed(1)),
  ].join("");
}

function explain({ seed, accusations }: LifeReport): number {
  if (accusations.length === 0) {
    process.stdout.write(`\nSeed ${seed}: everything held.\n`);
    return 0;
  }
  process.stdout.write(`\nSeed ${seed} broke:\n${accusations.map((one) => `  ${one}\n`).join("")}`);
  process.stdout.write(`Play it again: npx pnpm studio simulate --story --seed ${seed}\n`);
  return 1;
}
