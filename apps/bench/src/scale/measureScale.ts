import { stat } from "node:fs/promises";
import { openPostgresStore } from "@reelstate/db/postgres";
import { drawLines } from "../chart/drawLines.ts";
import { writeChart } from "../chart/writeChart.ts";
import { AT_ONCE, CONNECTIONS } from "../engines/compareEngines.ts";
import { openBenchPostgres } from "../engines/openBenchPostgres.ts";
import { openMeasuring } from "../engines/openMeasuring.ts";
import { openOurs, workspaceIds } from "../engines/ours.ts";
import { liveSubscribers } from "../liveSubscribers.ts";
import { MODEL, openBenchStore } from "../openBenchStore.ts";
import { median, percentile } from "../statistics.ts";
import { markdownTable, ms, rate } from "../table.ts";
import { fillPostgres, fillWorkspaces, postgresBytes } from "./fillPostgres.ts";
import { fillSqlite } from "./fillSqlite.ts";
import type { Store } from "@reelstate/db";
import type { BenchPostgres } from "../engines/openBenchPostgres.ts";
import type { OpenedEngine } from "../engines/Engine.ts";
import type { Finished } from "./finishedJobs.ts";

export interface ScaleOptions {
  readonly rounds: number;
  readonly cycles: number;
  /** How many finished jobs there are, from few to many, each a multiple of 100. */
  readonly sizes: readonly number[];
  readonly tell: (line: string) => void;
}

const WORKSPACES = 100;
const POOLS = [1, 2, 4, 8, 16, 32];
const SUBSCRIBERS = 1_000;
const WATCHED = [1, 100, 1_000, 10_000];
const LOOKS = 20;
const STARTS = 200;
const LISTED = 50;
/** A screenful of the library. */
const PAGE = 60;

interface Sized {
  readonly size: number;
  readonly cycles: number;
  readonly starts: readonly number[];
  readonly lists: readonly number[];
  /** On the disk for one finished job, with its asset, its events and all indexes. */
  readonly bytesEach: number;
}

/** What becomes of speed as tables, connections and lookers-on grow. */
export async function measureScale(options: ScaleOptions): Promise<void> {
  const { tell } = options;
  const sqlite = await onSqlite(options);
  await using postgres = await openBenchPostgres();
  const onServer = await onPostgres(postgres, options);
  const pools = await byConnections(postgres, options);
  const looks = await byWatched(postgres, options);
  tell(`${rate(SUBSCRIBERS)} subscribers of one process…`);
  const live = await liveSubscribers(SUBSCRIBERS, 40);

  console.log(`\n${options.rounds} rounds of ${rate(options.cycles)} life cycles, ${AT_ONCE} at once, medians\n`);
  const row = (what: string, { size, cycles, starts, lists, bytesEach }: Sized): readonly string[] => [
    what,
    rate(size),
    rate(cycles),
    ms(median(starts)),
    ms(percentile(starts, 0.99)),
    ms(median(lists)),
    `${(bytesEach / 1_000).toFixed(1)} kB`,
  ];
  console.log(
    markdownTable(
      [
        "",
        "finished jobs",
        "life cycles/s",
        "start p50",
        "start p99",
        `first ${PAGE} of the library`,
        "on disk for each",
      ],
      [
        ...sqlite.map((sized) => row("SQLite, 1 workspace", sized)),
        ...onServer.map((sized) => row(`PostgreSQL, ${WORKSPACES} workspaces`, sized)),
      ],
    ),
  );
  console.log(
    `\n${markdownTable(
      [`PostgreSQL, ${WORKSPACES} workspaces, connections`, ...pools.map(({ connections }) => String(connections))],
      [["life cycles/s", ...pools.map(({ cycles }) => rate(cycles))]],
    )}`,
  );
  console.log(
    `\n${markdownTable(
      [`${rate(SUBSCRIBERS)} live subscribers of one process`, ""],
      [
        ["commit to arrival, median", ms(median(live.arrivals))],
        ["the same, p99", ms(percentile(live.arrivals, 0.99))],
        ["memory for one subscriber", `${Math.round(live.kbEach)} kB`],
        ["processor time to tell one of them one event", `${Math.round(live.usEach)} µs`],
        ["processor time for one to whom nothing happens, a second", `${Math.round(live.usIdle)} µs`],
      ],
    )}`,
  );
  console.log(
    `\n${markdownTable(
      ["PostgreSQL, workspaces that one process watches", ...looks.map(({ watched }) => rate(watched))],
      [["one look at how far all of them are, median", ...looks.map(({ took }) => ms(median(took)))]],
    )}`,
  );
  tell(`\nDrawn: ${await draw({ sqlite, onServer, pools })}`);
}

async function onSqlite(options: ScaleOptions): Promise<readonly Sized[]> {
  const bench = await openBenchStore();
  const dispose = async (): Promise<void> => bench[Symbol.asyncDispose]();
  await using opened = await openOurs(bench.store, { atOnce: AT_ONCE, workspaces: 1, dispose });
  const fill = async (finished: Finished): Promise<void> => fillSqlite(bench.file, finished);
  const bytes = async (): Promise<number> => (await stat(bench.file)).size;
  return await bySize({ name: "SQLite", store: bench.store, opened, workspaces: 1, fill, bytes }, options);
}

async function onPostgres(postgres: BenchPostgres, options: ScaleOptions): Promise<readonly Sized[]> {
  await using database = await postgres.createDatabase();
  const { url } = database;
  const store = await openPostgresStore({ url, connections: CONNECTIONS, mediaUrl: (key) => key });
  await using opened = await openOurs(store, { atOnce: AT_ONCE, workspaces: WORKSPACES, dispose: () => store.close() });
  const fill = (finished: Finished): Promise<void> => fillPostgres(url, finished);
  const bytes = (): Promise<number> => postgresBytes(url);
  return await bySize({ name: "PostgreSQL", store, opened, workspaces: WORKSPACES, fill, bytes }, options);
}

interface Filled {
  readonly name: string;
  readonly store: Store;
  readonly opened: OpenedEngine;
  readonly workspaces: number;
  readonly fill: (finished: Finished) => Promise<void>;
  readonly bytes: () => Promise<number>;
}

/** One store that grows; the few jobs that are measured come on top. */
async function bySize(
  { name, store, opened, workspaces, fill, bytes }: Filled,
  { sizes, rounds, cycles, tell }: ScaleOptions,
): Promise<readonly Sized[]> {
  const measuring = openMeasuring(opened, { atOnce: AT_ONCE });
  const [workspaceId] = workspaceIds(1);
  if (workspaceId === undefined) throw new Error("There is no workspace.");
  const found: Sized[] = [];
  const empty = await bytes();
  let from = 0;
  for (const size of sizes) {
    tell(`${name}: filling up to ${rate(size)} finished jobs…`);
    await fill({ from, count: size - from, workspaces, model: MODEL });
    from = size;
    const bytesEach = ((await bytes()) - empty) / size;
    const rates: number[] = [];
    const starts: number[] = [];
    const lists: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      rates.push(await measuring.cycles(cycles));
      starts.push(...(await measuring.starts(STARTS)));
      for (let listed = 0; listed < LISTED; listed += 1) {
        const askedAt = performance.now();
        const { items } = await store.listAssets({ workspaceId, limit: PAGE });
        lists.push(performance.now() - askedAt);
        if (items.length === 0) throw new Error("The library is empty.");
      }
    }
    found.push({ size, cycles: median(rates), starts, lists, bytesEach });
    tell(`${name}, ${rate(size)} finished jobs: ${rate(median(rates))} life cycles/s, start ${ms(median(starts))}`);
  }
  return found;
}

interface Pooled {
  readonly connections: number;
  readonly cycles: number;
}

async function byConnections(
  postgres: BenchPostgres,
  { rounds, cycles, tell }: ScaleOptions,
): Promise<readonly Pooled[]> {
  const rates = POOLS.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, connections] of POOLS.entries()) {
      await using database = await postgres.createDatabase();
      const store = await openPostgresStore({ url: database.url, connections, mediaUrl: (key) => key });
      const dispose = (): Promise<void> => store.close();
      await using opened = await openOurs(store, { atOnce: AT_ONCE, workspaces: WORKSPACES, dispose });
      rates[place]?.push(await openMeasuring(opened, { atOnce: AT_ONCE }).cycles(cycles));
    }
    tell(`connections, round ${round + 1} of ${rounds}`);
  }
  return POOLS.map((connections, place) => ({ connections, cycles: median(rates[place] ?? []) }));
}

interface Looked {
  readonly watched: number;
  readonly took: readonly number[];
}

/** What a process pays for a wake, whosever it is: see the server's `shareMarks`. */
async function byWatched(postgres: BenchPostgres, { rounds, tell }: ScaleOptions): Promise<readonly Looked[]> {
  await using database = await postgres.createDatabase();
  const store = await openPostgresStore({ url: database.url, connections: CONNECTIONS, mediaUrl: (key) => key });
  try {
    const most = Math.max(...WATCHED);
    tell(`PostgreSQL: making ${rate(most)} workspaces…`);
    await fillWorkspaces(database.url, most);
    const ids = workspaceIds(most);
    const looked: Looked[] = [];
    for (const watched of WATCHED) {
      const workspaceIds = ids.slice(0, watched);
      const took: number[] = [];
      for (let look = 0; look < rounds * LOOKS; look += 1) {
        const askedAt = performance.now();
        const { marks } = await store.feedMarks({ workspaceIds });
        took.push(performance.now() - askedAt);
        if (marks.length !== watched) throw new Error(`Of ${watched} workspaces ${marks.length} were found.`);
      }
      looked.push({ watched, took });
    }
    return looked;
  } finally {
    await store.close();
  }
}

interface Drawn {
  readonly sqlite: readonly Sized[];
  readonly onServer: readonly Sized[];
  readonly pools: readonly Pooled[];
}

function draw({ sqlite, onServer, pools }: Drawn): Promise<string> {
  const at = sqlite.map(({ size }) => `${rate(size)} finished jobs`);
  const perSecond = (value: number): string => `${rate(value)}/s`;
  return writeChart("scale", [
    drawLines({
      title: "Whole life cycles a second as the tables fill",
      at,
      says: perSecond,
      lines: [
        { label: "SQLite", values: sqlite.map(({ cycles }) => cycles) },
        { label: "PostgreSQL", values: onServer.map(({ cycles }) => cycles), dashed: true },
      ],
    }),
    drawLines({
      title: "From an answered create to the beginning of the work, median",
      at,
      says: ms,
      lines: [
        { label: "SQLite", values: sqlite.map(({ starts }) => median(starts)) },
        { label: "PostgreSQL", values: onServer.map(({ starts }) => median(starts)), dashed: true },
      ],
    }),
    drawLines({
      title: "Whole life cycles a second by the connections of one process to PostgreSQL",
      at: pools.map(({ connections }) => String(connections)),
      says: perSecond,
      lines: [{ label: "PostgreSQL", values: pools.map(({ cycles }) => cycles), dashed: true }],
    }),
  ]);
}
