import { browserLatency } from "./browserLatency.ts";
import { firstLoadKb, startBuiltStudio } from "./builtStudio.ts";
import { createToStart } from "./createToStart.ts";
import { ourLifeCycles, plainjobLifeCycles, rawLifeCycles } from "./lifeCycles.ts";
import { killAndRestart } from "./killAndRestart.ts";
import { LEASE } from "./openBenchStore.ts";
import { liveSubscribers } from "./liveSubscribers.ts";
import { median, percentile } from "./statistics.ts";
import { goalTable } from "./table.ts";
import { SWEEP_MS, vanishedWorkers } from "./vanishedWorkers.ts";
import type { Line } from "./table.ts";

export interface QuickOptions {
  readonly rounds: number;
  readonly cycles: number;
}

/** As many callers as there are browsers pressing a button in the same hundredth of a second. */
const AT_ONCE = 256;
const KILLS = 25;
const SUBSCRIBERS = 1_000;

async function lifeCycleLines({ rounds, cycles }: QuickOptions): Promise<readonly Line[]> {
  const runs = { plainjob: [] as number[], raw: [] as number[], ours: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    runs.plainjob.push(await plainjobLifeCycles(cycles));
    runs.raw.push(await rawLifeCycles(cycles, AT_ONCE));
    runs.ours.push(await ourLifeCycles(cycles, AT_ONCE));
  }
  const [plainjob, raw, ours] = [median(runs.plainjob), median(runs.raw), median(runs.ours)];
  const rate = (value: number): string => `${Math.round(value).toLocaleString("en")}/s`;
  return [
    {
      what: "plainjob 0.0.14, whole life cycles (one table, no fsync per commit)",
      measured: rate(plainjob),
      goal: "",
      ok: true,
    },
    { what: "the same SQL written raw, 256 transitions a commit, fsync each", measured: rate(raw), goal: "", ok: true },
    {
      what: "ours, 256 at once (five tables and an event, fsync each commit)",
      measured: rate(ours),
      goal: "",
      ok: true,
    },
    { what: "ours ÷ plainjob", measured: (ours / plainjob).toFixed(2), goal: "≥ 1", ok: ours >= plainjob },
    { what: "ours ÷ raw", measured: (ours / raw).toFixed(2), goal: "≥ 0.5", ok: ours >= raw / 2 },
  ];
}

async function startLines(): Promise<readonly Line[]> {
  const waits = await createToStart(500);
  const middle = median(waits);
  return [
    { what: "create to start of work, median", measured: `${middle.toFixed(2)} ms`, goal: "< 2 ms", ok: middle < 2 },
    { what: "create to start of work, p99", measured: `${percentile(waits, 0.99).toFixed(2)} ms`, goal: "", ok: true },
  ];
}

async function studioLines(): Promise<readonly Line[]> {
  await using studio = await startBuiltStudio();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const idle = await studio.memoryMb();
  const kb = await firstLoadKb();
  const { skeletonMs, changeMs } = await browserLatency(studio.url, 30);
  const [skeleton, change] = [percentile(skeletonMs, 0.95), percentile(changeMs, 0.95)];
  return [
    {
      what: "server ready after start, once built",
      measured: `${Math.round(studio.readyMs)} ms`,
      goal: "< 1000 ms",
      ok: studio.readyMs < 1_000,
    },
    { what: "idle memory of the server", measured: `${Math.round(idle)} MB`, goal: "< 150 MB", ok: idle < 150 },
    {
      what: "first load of the SPA, JavaScript gzipped",
      measured: `${Math.round(kb)} kB`,
      goal: "≤ 170 kB",
      ok: kb <= 170,
    },
    {
      what: "Generate to skeleton on screen, p95 in Chromium",
      measured: `${Math.round(skeleton)} ms`,
      goal: "< 100 ms",
      ok: skeleton < 100,
    },
    {
      what: "commit to changed card, p95 in Chromium",
      measured: `${Math.round(change)} ms`,
      goal: "< 100 ms",
      ok: change < 100,
    },
  ];
}

async function liveLines(): Promise<readonly Line[]> {
  const { arrivals, kbEach } = await liveSubscribers(SUBSCRIBERS, 40);
  const ms = (value: number): string => `${Math.round(value)} ms`;
  const who = `commit to its arrival at ${SUBSCRIBERS.toLocaleString("en")} subscribers of one process`;
  return [
    { what: `${who}, median`, measured: ms(median(arrivals)), goal: "", ok: true },
    { what: "the same, p99", measured: ms(percentile(arrivals, 0.99)), goal: "", ok: true },
    { what: "memory of the server for one subscriber", measured: `${Math.round(kbEach)} kB`, goal: "", ok: true },
  ];
}

async function recoveryLines(): Promise<readonly Line[]> {
  const bound = LEASE + SWEEP_MS;
  const restarted = await killAndRestart(KILLS);
  const vanished = await vanishedWorkers(KILLS);
  const ms = (value: number): string => `${Math.round(value).toLocaleString("en")} ms`;
  const goal = `≤ ${bound.toLocaleString("en")} ms`;
  return [
    {
      what: `kill -9 to the job going on in the next process, median of ${KILLS}`,
      measured: ms(median(restarted)),
      goal: "",
      ok: true,
    },
    { what: "the same, worst", measured: ms(Math.max(...restarted)), goal, ok: Math.max(...restarted) <= bound },
    {
      what: `a worker that nobody saw vanish to its job going on, median of ${KILLS}`,
      measured: ms(median(vanished)),
      goal: "",
      ok: true,
    },
    // The wait drawn after a first loss, and how often this measurement looks.
    {
      what: "the same, worst (with a wait of up to 1 s drawn after the loss)",
      measured: ms(Math.max(...vanished)),
      goal: `≤ ${(bound + 1_100).toLocaleString("en")} ms`,
      ok: Math.max(...vanished) <= bound + 1_100,
    },
  ];
}

/** The studio itself, in a few minutes: prints a table, and answers whether every goal was reached. */
export async function measureStudio(options: QuickOptions): Promise<boolean> {
  const lines = [
    ...(await lifeCycleLines(options)),
    ...(await startLines()),
    ...(await studioLines()),
    ...(await liveLines()),
    ...(await recoveryLines()),
  ];
  console.log(`${options.rounds} rounds of ${options.cycles} life cycles, medians\n`);
  console.log(goalTable(lines));
  return lines.every(({ ok }) => ok);
}
