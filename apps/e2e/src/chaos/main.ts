import { parseArgs } from "node:util";
import { runChaos } from "./runChaos.ts";
import type { ChaosReport } from "./runChaos.ts";
import type { Blow } from "./planBlows.ts";

// `pnpm chaos --minutes N [--seed S]`: one chaos after another, each with a cluster and a seed of its own, until the time is
// over. The people, the blows and whom they strike come from the seed; how a machine interleaves them does not.

const STRIKING_MS = 60_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, seed: { type: "string", default: String(Date.now() % 1e6) } },
});
const minutes = Number(values.minutes);
const first = Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(first)) {
  say("--minutes must be a number above zero, --seed a whole number.");
  process.exit(2);
}

const startedAt = Date.now();
const reports: ChaosReport[] = [];
say(`Chaos for ${minutes} min, from seed ${first}.`);
while (Date.now() - startedAt < minutes * 60_000) {
  const report = await runChaos({
    seed: first + reports.length,
    strikingMs: STRIKING_MS,
    tell: (blow) => say(`  ${new Date().toISOString().slice(11, 19)} ${JSON.stringify(blow)}`),
  });
  reports.push(report);
  say(tellOf(report));
  for (const { rule, subject, explanation } of report.findings) say(`  [${rule}] ${subject}: ${explanation}`);
}
const findings = reports.reduce((sum, report) => sum + report.findings.length, 0);
say(`\n${reports.length} times in ${((Date.now() - startedAt) / 60_000).toFixed(1)} min.`);
say(findings === 0 ? "Everything holds." : `${findings} findings.`);
process.exitCode = findings === 0 ? 0 : 1;

function tellOf(report: ChaosReport): string {
  const { seed, blows, cuts, losses, jobs, submits, repeats, refusals, deadlocks, settleMs } = report;
  const kinds = Map.groupBy(blows, ({ kind }: Blow) => kind);
  const told = [...kinds].map(([kind, dealt]) => `${dealt.length} ${kind}`).join(", ");
  return (
    `seed ${seed}: ${blows.length} blows (${told}), ${cuts} cut at COMMIT, ${losses} attempts lost, ${jobs} jobs, ` +
    `${submits} submits, ${repeats} requests asked again, ${refusals} refused, ${deadlocks} deadlocks, ` +
    `settled in ${(settleMs / 1_000).toFixed(1)} s`
  );
}
