import { parseArgs } from "node:util";
import { runStorm } from "./runStorm.ts";
import type { StormReport } from "./runStorm.ts";

// `pnpm storm --minutes N [--seed S]`: one storm after another, each with a studio and a seed of its own, until the time
// is over. The people and the moments of the kills come from the seed; how a machine interleaves them does not.

const STORM_MS = 20_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "5" }, seed: { type: "string", default: String(Date.now() % 1e6) } },
});
const minutes = Number(values.minutes);
const first = Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(first)) {
  say("--minutes must be a number above zero, --seed a whole number.");
  process.exit(2);
}

const startedAt = Date.now();
const reports: StormReport[] = [];
say(`Storms for ${minutes} min, from seed ${first}.`);
while (Date.now() - startedAt < minutes * 60_000) {
  const seed = first + reports.length;
  const report = await runStorm({ seed, killingMs: STORM_MS });
  reports.push(report);
  say(`seed ${seed}: ${tellOf(report)}, settled in ${(report.settleMs / 1000).toFixed(1)} s`);
  for (const { rule, subject, explanation } of report.findings) say(`  [${rule}] ${subject}: ${explanation}`);
}
const findings = sum(({ findings }) => findings.length);
const longest = Math.max(...reports.map(({ longestRecoveryMs }) => longestRecoveryMs ?? 0));
say(
  `\n${reports.length} storms in ${((Date.now() - startedAt) / 60_000).toFixed(1)} min: ${sum(({ kills }) => kills)} kills, ` +
    `${sum(({ jobs }) => jobs)} jobs, ${sum(({ submits }) => submits)} submits, ${sum(({ losses }) => losses)} attempts cut short, ` +
    `longest recovery ${longest} ms`,
);
say(findings === 0 ? "Everything holds." : `${findings} findings.`);
process.exitCode = findings === 0 ? 0 : 1;

function sum(of: (report: StormReport) => number): number {
  return reports.reduce((total, report) => total + of(report), 0);
}

function tellOf(report: StormReport): string {
  const { kills, jobs, submits, losses, repeats, refusals, longestRecoveryMs } = report;
  return (
    `${kills} kills, ${jobs} jobs, ${submits} submits, ${losses} attempts cut short, ${repeats} requests asked again, ` +
    `${refusals} refused, longest recovery ${longestRecoveryMs ?? 0} ms`
  );
}
