import { HELP, readOptions } from "./command/Options.ts";
import { playMany } from "./command/playMany.ts";
import { tellStory } from "./command/tellStory.ts";
import type { Options } from "./command/Options.ts";
import type { Sum } from "./command/Sum.ts";
import type { LifeReport } from "./playLife.ts";

// The operators' command `npx pnpm studio simulate`. Nobody imports this file.

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else if (options.story) process.exitCode = explain(await tellStory(options.seed, process.stdout));
  else process.exitCode = await playAndSum(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  process.exitCode = 1;
}

async function playAndSum(options: Options): Promise<number> {
  const startedAt = performance.now();
  const shows = process.stderr.isTTY;
  const sum = await playMany(options, ({ lives, failures, deaths }) => {
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
