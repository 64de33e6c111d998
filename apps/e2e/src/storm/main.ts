import { playRounds } from "./playRounds.ts";
import { runStorm } from "./runStorm.ts";
import type { StormReport } from "./runStorm.ts";

// `pnpm storm --minutes N [--seed S] [--providers]`: one storm after another, each with a studio and a seed of its own, until the
// time is over. The people and the moments of the kills come from the seed; how a machine interleaves them does not. With
// --providers people order at fal, Replicate and ComfyUI, whose servers go wrong beside the kills, and not at the simulator.

const STORM_MS = 20_000;

await playRounds({
  title: "Storms",
  minutes: 5,
  flags: ["providers"],
  play: (seed, isSet) => runStorm({ seed, killingMs: STORM_MS, providers: isSet("providers") }),
  tellOf,
  sumUp,
});

function tellOf(report: StormReport): string {
  const { kills, jobs, submits, losses, repeats, refusals, longestRecoveryMs } = report;
  return (
    `${kills} kills, ${jobs} jobs, ${submits} submits, ${losses} attempts cut short, ${repeats} requests asked again, ` +
    `${refusals} refused, longest recovery ${longestRecoveryMs ?? 0} ms`
  );
}

function sumUp(reports: readonly StormReport[], took: string): string {
  const sum = (of: (report: StormReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  const longest = Math.max(...reports.map(({ longestRecoveryMs }) => longestRecoveryMs ?? 0));
  return (
    `${reports.length} storms in ${took}: ${sum(({ kills }) => kills)} kills, ${sum(({ jobs }) => jobs)} jobs, ` +
    `${sum(({ submits }) => submits)} submits, ${sum(({ losses }) => losses)} attempts cut short, ` +
    `longest recovery ${longest} ms`
  );
}
