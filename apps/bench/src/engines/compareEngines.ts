import { drawBars } from "../chart/drawBars.ts";
import { writeChart } from "../chart/writeChart.ts";
import { median, percentile } from "../statistics.ts";
import { goalTable, markdownTable, ms, rate } from "../table.ts";
import { bullmq } from "./bullmq.ts";
import { graphileWorker } from "./graphileWorker.ts";
import { measureEngine } from "./measureEngine.ts";
import { openBenchPostgres } from "./openBenchPostgres.ts";
import { redisServer } from "./openBenchRedis.ts";
import { oursOnPostgres, oursOnSqlite } from "./ours.ts";
import { pgBoss } from "./pgBoss.ts";
import { plainjob } from "./plainjob.ts";
import type { Line } from "../table.ts";
import type { Engine } from "./Engine.ts";
import type { Measured } from "./measureEngine.ts";

export interface CompareOptions {
  readonly rounds: number;
  readonly cycles: number;
  /** Told as it goes on. */
  readonly tell: (line: string) => void;
}

/** The same for every engine: callers that wait for an answer, and jobs that the worker has under way. */
export const AT_ONCE = 100;
/** Enough for all the statements that two processors can run at a time, and for those that wait for a flush. */
export const CONNECTIONS = 20;

interface Compared {
  readonly engine: Engine;
  /** Which of ours it is held against: the one that keeps its jobs as far away. */
  readonly beside: Engine;
  readonly runs: Measured[];
}

/** All engines in turns on one machine: what is printed, and whether every goal was reached. */
export async function compareEngines({ rounds, cycles, tell }: CompareOptions): Promise<boolean> {
  await using postgres = await openBenchPostgres();
  const own = {
    sqlite: oursOnSqlite(),
    one: oursOnPostgres(postgres, { workspaces: 1 }),
    hundred: oursOnPostgres(postgres, { workspaces: 100 }),
  };
  const graphile = graphileWorker(postgres, { batched: false });
  const boss = pgBoss(postgres);
  const always = bullmq({ flushed: true });
  const beside = (one: Engine, ...engines: readonly Engine[]): Compared[] =>
    engines.map((engine) => ({ engine, beside: one, runs: [] }));
  const all = [
    ...beside(own.hundred, own.hundred, own.one, graphile, graphileWorker(postgres, { batched: true }), boss),
    ...beside(own.sqlite, own.sqlite, always, bullmq({ flushed: false }), plainjob()),
  ];
  const here = all.filter(({ engine }) => engine.lacks === null);
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, { engine, runs }] of here.entries()) {
      const run = await measureEngine(engine, { atOnce: AT_ONCE, connections: CONNECTIONS, cycles });
      runs.push(run);
      const share = (round * here.length + place + 1) / (rounds * here.length);
      const left = ((performance.now() - startedAt) * (1 - share)) / share / 60_000;
      tell(
        `round ${round + 1} of ${rounds}, ${engine.name}: ${rate(run.cycles)} life cycles/s, start ${ms(median(run.starts))}; about ${left.toFixed(1)} min left`,
      );
    }
  }
  const cyclesOf = (engine: Engine): readonly number[] => runsOf(all, engine).map((run) => run.cycles);
  const times = (ours: Engine, theirs: Engine): number => medianRatio(cyclesOf(ours), cyclesOf(theirs));
  const startOf = (engine: Engine): number => median(runsOf(all, engine).flatMap(({ starts }) => starts));

  console.log(
    `\nPostgreSQL ${postgres.version} (fsync, full_page_writes and synchronous_commit on), Redis ${redisServer() ?? "not here"}; ${rounds} rounds of ${rate(cycles)} jobs, ${AT_ONCE} callers and ${AT_ONCE} jobs at once, ${CONNECTIONS} connections; medians\n`,
  );
  console.log(
    markdownTable(
      ["", "enqueue/s", "process/s", "life cycles/s", "ours ÷ this", "start p50", "start p99"],
      all.map(({ engine, beside: ours, runs }) => {
        if (engine.lacks !== null) return [engine.name, engine.lacks, "", "", "", "", ""];
        const starts = runs.flatMap((run) => run.starts);
        return [
          engine.name,
          rate(median(runs.map(({ enqueue }) => enqueue))),
          rate(median(runs.map(({ process }) => process))),
          rate(median(runs.map((run) => run.cycles))),
          engine === ours ? "" : times(ours, engine).toFixed(2),
          ms(median(starts)),
          ms(percentile(starts, 0.99)),
        ];
      }),
    ),
  );
  console.log(
    `\n${markdownTable(
      ["", "a job is", "answered after"],
      all.map(({ engine: e }) => [e.name, e.writes, e.waits]),
    )}\n`,
  );

  const atLeast = (what: string, ours: Engine, theirs: Engine, goal: number): Line => {
    if (theirs.lacks !== null) return { what, measured: theirs.lacks, goal: "", ok: true };
    const measured = times(ours, theirs);
    return { what, measured: measured.toFixed(2), goal: `≥ ${goal}`, ok: measured >= goal };
  };
  const lines: readonly Line[] = [
    atLeast(
      "life cycles, Reelstate on PostgreSQL with 100 workspaces ÷ graphile-worker one by one",
      own.hundred,
      graphile,
      1,
    ),
    atLeast("life cycles, Reelstate on PostgreSQL with 100 workspaces ÷ pg-boss", own.hundred, boss, 1),
    atLeast("life cycles, Reelstate on SQLite ÷ BullMQ with appendfsync always", own.sqlite, always, 1),
    {
      what: "create to start of work on PostgreSQL, 100 workspaces, median",
      measured: ms(startOf(own.hundred)),
      goal: "≤ 3 ms",
      ok: startOf(own.hundred) <= 3,
    },
    {
      what: "create to start of work on SQLite, median",
      measured: ms(startOf(own.sqlite)),
      goal: "< 2 ms",
      ok: startOf(own.sqlite) < 2,
    },
  ];
  console.log(goalTable(lines));
  tell(`\nDrawn: ${await draw(here)}`);
  return lines.every(({ ok }) => ok);
}

/** Each round by itself, because a machine is not as fast in one round as in the next. */
function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

function runsOf(all: readonly Compared[], engine: Engine): readonly Measured[] {
  return all.find((one) => one.engine === engine)?.runs ?? [];
}

async function draw(all: readonly Compared[]): Promise<string> {
  const isOurs = ({ engine }: Compared): boolean => engine.name.startsWith("Reelstate");
  const fastestFirst = all
    .map((one) => ({ one, value: median(one.runs.map(({ cycles }) => cycles)) }))
    .toSorted((a, b) => b.value - a.value);
  const soonestFirst = all
    .map((one) => ({ one, starts: one.runs.flatMap(({ starts }) => starts) }))
    .map(({ one, starts }) => ({ one, value: median(starts), until: percentile(starts, 0.99) }))
    .toSorted((a, b) => a.value - b.value);
  return writeChart("engines", [
    drawBars({
      title: "Whole life cycles a second: longer is better",
      bars: fastestFirst.map(({ one, value }) => ({
        label: one.engine.name,
        value,
        says: `${rate(value)}/s`,
        ours: isOurs(one),
      })),
    }),
    drawBars({
      title: "From an answered create to the beginning of the work, median and (line) p99: shorter is better",
      logarithmic: true,
      bars: soonestFirst.map(({ one, value, until }) => ({
        label: one.engine.name,
        value,
        until,
        says: `${ms(value)}, p99 ${ms(until)}`,
        ours: isOurs(one),
      })),
    }),
  ]);
}
