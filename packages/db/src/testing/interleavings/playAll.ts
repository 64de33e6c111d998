// `pnpm test:interleavings`: every order of every pair and every triple, from every stage, on a real SQLite store. Says how
// far it is, tells the story of what went wrong, and ends with one line.
//
//   --only <stage>:<actor>+<actor>…[:<order>]   one cast, or one order of it, as a story names it
//   --stage <name>                              one stage
//   --size 2 | 3                                pairs or triples alone
//   --part 1/4                                  the first of four parts, for a machine with four cores
//   --stopped                                   on PostgreSQL, each actor stopped before every statement (below)
//
// Stopped: every pair from every stage, each with as many seeds as --seeds says (2), and 500 triples. A seed says whose statement is
// next; a story names it in place of an order.
import { parseArgs } from "node:util";
import { openSqliteForTest } from "../openSqliteForTest.ts";
import { ACTORS } from "./actors.ts";
import { castsOf } from "./castsOf.ts";
import { castName } from "./playCast.ts";
import { playCasts } from "./playCasts.ts";
import { STAGES } from "./stages.ts";
import { playStoppedCasts } from "./stopped/playStoppedCasts.ts";
import { seedsUpTo, stoppedCasts, withEach } from "./stopped/stoppedCasts.ts";
import type { Cast } from "./playCast.ts";
import type { Tally } from "./playCasts.ts";
import type { StoppedTally } from "./stopped/playStoppedCasts.ts";

const TELL_EVERY_MS = 10_000;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    stage: { type: "string" },
    size: { type: "string" },
    part: { type: "string" },
    stopped: { type: "boolean", default: false },
    seeds: { type: "string", default: "2" },
  },
});
const [onlyStage, onlyActors, onlyOrder] = values.only?.split(":") ?? [];
const stages = STAGES.filter(({ name }) => [undefined, name].includes(onlyStage ?? values.stage));
const sizes = values.size === undefined ? [2, 3] : [Number(values.size)];
const [part = 1, parts = 1] = values.part?.split("/").map(Number) ?? [];
const casts = sizes
  .flatMap((size) => [...castsOf(stages, ACTORS, size)].toSorted((a, b) => extras(a) - extras(b)))
  .filter(isWanted);

/** Those of leading actors alone come first. */
function extras({ actors }: Cast): number {
  return actors.some(({ leading }) => !leading) ? 1 : 0;
}

function isWanted(cast: Cast): boolean {
  return onlyActors === undefined || castName(cast) === `${onlyStage}:${onlyActors}`;
}

const startedAt = performance.now();
const seconds = (): number => Math.round((performance.now() - startedAt) / 1_000);
let toldAt = startedAt;

function tell(played: number, { orders, steps, stories }: Tally, name: string): void {
  if (performance.now() - toldAt < TELL_EVERY_MS) return;
  toldAt = performance.now();
  const share = (100 * played).toFixed(1);
  console.log(`${seconds()} s: ${share} %, ${orders} orders, ${steps} steps, ${stories.length} broken, at ${name}`);
}

async function play(): Promise<Tally | StoppedTally> {
  if (values.stopped) {
    const seeds = onlyOrder === undefined ? seedsUpTo(Number(values.seeds)) : [Number(onlyOrder)];
    const plays = values.only === undefined ? stoppedCasts(casts, seeds) : withEach(casts, seeds);
    const mine = plays.filter((_play, at) => at % parts === part - 1);
    return playStoppedCasts(mine, (tally, name) => tell(tally.orders / mine.length, tally, name));
  }
  const mine = casts.filter((_cast, at) => at % parts === part - 1);
  return playCasts(openSqliteForTest, mine, {
    onCast: (tally, name) => tell(tally.casts / mine.length, tally, name),
    ...(onlyOrder === undefined ? {} : { only: onlyOrder }),
  });
}

if (casts.length === 0) {
  console.error("There is no such stage, or nobody of that name plays in it.");
  process.exitCode = 1;
} else {
  const tally = await play();
  for (const story of tally.stories) console.log(`\n${story}`);
  const broken = tally.stories.length === 0 ? "no rule broken" : `${tally.stories.length} stories of broken rules`;
  const waited = "waits" in tally ? ` (${tally.waits} waited for a lock)` : "";
  if ("course" in tally && onlyOrder !== undefined && tally.stories.length === 0) console.log(tally.course);
  console.log(
    `${tally.casts} casts, ${tally.orders} orders, ${tally.steps} steps${waited} in ${seconds()} s: ${broken}`,
  );
  if (tally.stories.length > 0 || tally.orders === 0) process.exitCode = 1;
}
