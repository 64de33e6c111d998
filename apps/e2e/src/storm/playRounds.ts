import { parseArgs } from "node:util";
import type { Finding } from "./Finding.ts";

interface Report {
  readonly findings: readonly Finding[];
  readonly settleMs: number;
}

interface Rounds<R extends Report> {
  /** What is played, as it is announced. */
  readonly title: string;
  /** For how long, where nobody says. */
  readonly minutes: number;
  readonly play: (seed: number, isSet: (flag: string) => boolean) => Promise<R>;
  /** Further options of the command that are set or not. */
  readonly flags?: readonly string[];
  /** What happened in one round, without its seed and its findings. */
  readonly tellOf: (report: R) => string;
  /** What happened in all of them; `took` is how long that was. */
  readonly sumUp: (reports: readonly R[], took: string) => string;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * The program of `--minutes N [--seed S]`, and what flags there are: one round after another, each with a seed of its own, until the time is over. It ends
 * with 1 when something did not hold, and with 2 when an option is no such number.
 */
export async function playRounds<R extends Report>(rounds: Rounds<R>): Promise<void> {
  const flags = rounds.flags ?? [];
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries(flags.map((flag) => [flag, { type: "boolean" as const }])),
      minutes: { type: "string", default: String(rounds.minutes) },
      seed: { type: "string", default: String(Date.now() % 1e6) },
    },
  });
  const minutes = Number(values.minutes);
  const first = Number(values.seed);
  const set = new Set(
    flags.filter((flag) => Object.entries(values).some(([name, is]) => name === flag && Boolean(is))),
  );
  if (!(minutes > 0) || !Number.isSafeInteger(first)) {
    say("--minutes must be a number above zero, --seed a whole number.");
    process.exit(2);
  }

  const startedAt = Date.now();
  const reports: R[] = [];
  say(`${rounds.title} for ${minutes} min, from seed ${first}.`);
  while (Date.now() - startedAt < minutes * 60_000) {
    const seed = first + reports.length;
    const report = await rounds.play(seed, (flag) => set.has(flag));
    reports.push(report);
    say(`seed ${seed}: ${rounds.tellOf(report)}, settled in ${(report.settleMs / 1_000).toFixed(1)} s`);
    for (const { rule, subject, explanation } of report.findings) say(`  [${rule}] ${subject}: ${explanation}`);
  }
  const findings = reports.reduce((sum, report) => sum + report.findings.length, 0);
  say(`\n${rounds.sumUp(reports, `${((Date.now() - startedAt) / 60_000).toFixed(1)} min`)}`);
  say(findings === 0 ? "Everything holds." : `${findings} findings.`);
  process.exitCode = findings === 0 ? 0 : 1;
}
