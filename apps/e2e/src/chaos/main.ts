import { playRounds, say } from "../storm/playRounds.ts";
import { runChaos } from "./runChaos.ts";
import type { ChaosReport } from "./runChaos.ts";
import type { Blow } from "./planBlows.ts";

// `pnpm chaos --minutes N [--seed S]`: one chaos after another, each with a cluster and a seed of its own, until the time is
// over. The people, the blows and whom they strike come from the seed; how a machine interleaves them does not.

const STRIKING_MS = 60_000;

await playRounds({
  title: "Chaos",
  minutes: 10,
  play: (seed) =>
    runChaos({
      seed,
      strikingMs: STRIKING_MS,
      tell: (blow) => say(`  ${new Date().toISOString().slice(11, 19)} ${JSON.stringify(blow)}`),
    }),
  tellOf,
  sumUp: (reports, took) => `${reports.length} times in ${took}.`,
});

function tellOf(report: ChaosReport): string {
  const { blows, cuts, losses, jobs, submits, repeats, refusals, deadlocks } = report;
  const kinds = Map.groupBy(blows, ({ kind }: Blow) => kind);
  const told = [...kinds].map(([kind, dealt]) => `${dealt.length} ${kind}`).join(", ");
  return (
    `${blows.length} blows (${told}), ${cuts} cut at COMMIT, ${losses} attempts lost, ${jobs} jobs, ` +
    `${submits} submits, ${repeats} requests asked again, ${refusals} refused, ${deadlocks} deadlocks`
  );
}
