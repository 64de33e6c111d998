import { setTimeout as delay } from "node:timers/promises";
import { inspectPostgres } from "@reelstate/db/postgres";
import { openWitness } from "@reelstate/db/testing";
import { launchBrowser } from "../harness/launchBrowser.ts";
import { openPage } from "../harness/openPage.ts";
import { isTaken, simulatorLog } from "../harness/simulatorLog.ts";
import { chanceFrom } from "../storm/chanceFrom.ts";
import { judgeEnds } from "../storm/judgeEnds.ts";
import { judgeLedger } from "../storm/judgeLedger.ts";
import { judgeMedia } from "../storm/judgeMedia.ts";
import { judgeSubmits } from "../storm/judgeSubmits.ts";
import { livePerson } from "../storm/livePerson.ts";
import { readEvidence, rootsOf } from "../storm/readEvidence.ts";
import { settle } from "../storm/settle.ts";
import { newWorld } from "../storm/World.ts";
import { judgeBlows } from "./judgeBlows.ts";
import { judgeScreen } from "./judgeScreen.ts";
import { openArena } from "./openArena.ts";
import { openStriker } from "./openStriker.ts";
import { planBlows, ROUND_OF_BLOWS } from "./planBlows.ts";
import type { Witnessed } from "../harness/simulatorLog.ts";
import type { Finding } from "../storm/Finding.ts";
import type { Blow } from "./planBlows.ts";

export interface ChaosReport {
  readonly findings: readonly Finding[];
  readonly blows: readonly Blow[];
  /** Connections that broke at a COMMIT. */
  readonly cuts: number;
  /** Attempts whose worker was taken for vanished. */
  readonly losses: number;
  readonly jobs: number;
  readonly submits: number;
  /** Requests whose answer was lost, or that were told that the database is away: asked again. */
  readonly repeats: number;
  readonly refusals: number;
  /** Deadlocks that the server found, of which nobody may hear. */
  readonly deadlocks: number;
  readonly settleMs: number;
}

interface ChaosOptions {
  readonly seed: number;
  readonly strikingMs: number;
  /** Told of each blow. */
  readonly tell?: (blow: Blow) => void;
}

const PEOPLE = 4;
/** A busy machine may need longer until enough has happened for it to be chaos. */
const SLOW_MS = 180_000;
const FEWEST_SUBMITS = 10;

/**
 * People use a studio of many processes while one blow after another falls on its processes, their connections and its database,
 * and two pages stay open. Then it is left alone, and what it says is compared with what people were promised, what the
 * provider saw, what its database holds, and what the pages show.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, strikingMs, tell = () => {} } = options;
  await using parts = new AsyncDisposableStack();
  const arena = parts.use(await openArena());
  const { cluster } = arena;
  const browser = await launchBrowser();
  parts.defer(() => browser.close());
  const english = parts.use(await openPage(browser, cluster.url));
  const chinese = parts.use(await openPage(browser, cluster.url, { locale: "zh-CN" }));
  const broken = [english, chinese].map(({ page }) => {
    const errors: Finding[] = [];
    page.on("pageerror", ({ message }) => errors.push({ rule: "U5", subject: "screen", explanation: message }));
    return errors;
  });

  const world = newWorld(cluster, { mayBeAway: true });
  const people = Array.from({ length: PEOPLE }, (_, index) => livePerson(world, seed * PEOPLE + index));
  const talk = Promise.all(people);
  // Whoever breaks off is heard at the end.
  talk.catch(() => {});

  const striker = openStriker(arena);
  const blows: Blow[] = [];
  const isChaos = (): boolean =>
    blows.length >= ROUND_OF_BLOWS &&
    judgeBlows(blows, striker.struck()).length === 0 &&
    judgeWork(arena.losses(), simulatorLog(cluster)).length === 0;
  const pauses = chanceFrom(seed + 1);
  const until = Date.now() + strikingMs;
  for (const blow of planBlows(seed, { apis: cluster.apis.length, workers: cluster.workers.length })) {
    if (Date.now() > until && (isChaos() || Date.now() > until + SLOW_MS)) break;
    blows.push(blow);
    tell(blow);
    await striker.strike(blow);
    await delay(pauses.between(500, 1_500));
  }
  await striker.mended();
  world.over = true;
  await talk;
  const calmAt = Date.now();
  await settle(world);
  const settleMs = Date.now() - calmAt;

  const evidence = await readEvidence(world, await inspectPostgres(cluster.databaseUrl));
  const struck = striker.struck();
  const findings = [
    ...judgeBlows(blows, struck),
    ...judgeWork(arena.losses(), evidence.log),
    ...world.heard,
    ...arena.heard,
    ...broken.flat(),
    ...evidence.doctor,
    ...judgeEnds(world, evidence),
    ...judgeLedger(evidence),
    ...judgeSubmits(evidence.log, rootsOf(evidence)),
    ...(await judgeMedia(cluster.url, evidence)),
    ...(await judgeScreen(english, evidence, "en")),
    ...(await judgeScreen(chinese, evidence, "zh")),
  ];
  return {
    findings,
    blows,
    cuts: struck.cuts.before + struck.cuts.after,
    losses: arena.losses(),
    jobs: [...world.started.values()].reduce((sum, jobs) => sum + jobs, 0),
    submits: evidence.log.filter(isTaken).length,
    repeats: world.repeats,
    refusals: world.refusals,
    deadlocks: await deadlocksAt(cluster.databaseUrl),
    settleMs,
  };
}

/** Blows that fall on nobody's work prove nothing. */
function judgeWork(losses: number, log: readonly Witnessed[]): readonly Finding[] {
  const submits = log.filter(isTaken).length;
  if (losses > 0 && submits >= FEWEST_SUBMITS) return [];
  const explanation = `${losses} attempts were lost, and ${submits} requests made: the blows fell on nobody's work.`;
  return [{ rule: "chaos", subject: "work", explanation }];
}

async function deadlocksAt(url: string): Promise<number> {
  await using witness = await openWitness(url);
  const [found] = await witness.rows<{ readonly deadlocks: number }>(
    "SELECT sum(deadlocks)::int AS deadlocks FROM pg_stat_database",
  );
  return found?.deadlocks ?? 0;
}
