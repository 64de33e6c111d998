import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openProviders } from "@reelstate/cluster/providers";
import { inspectSqlite } from "@reelstate/db";
import { isTaken, simulatorLog } from "../harness/simulatorLog.ts";
import { startStudio } from "../harness/startStudio.ts";
import { deliveries } from "../providers/deliveries.ts";
import { servedTrade } from "../providers/servedTrade.ts";
import { stir } from "../providers/stir.ts";
import { watchSubmits } from "../providers/watchSubmits.ts";
import { bugsIn } from "./bugsIn.ts";
import { chanceFrom } from "./chanceFrom.ts";
import { judgeEnds } from "./judgeEnds.ts";
import { judgeLedger } from "./judgeLedger.ts";
import { judgeMedia } from "./judgeMedia.ts";
import { judgeSubmits } from "./judgeSubmits.ts";
import { livePerson } from "./livePerson.ts";
import { readEvidence, rootsOf } from "./readEvidence.ts";
import { settle } from "./settle.ts";
import { SIMULATED } from "./simulatedTrade.ts";
import { newWorld } from "./World.ts";
import type { ServedProvider } from "@reelstate/cluster/providers";
import type { Finding } from "./Finding.ts";
import type { Evidence } from "./readEvidence.ts";

export interface StormReport {
  readonly findings: readonly Finding[];
  readonly kills: number;
  readonly jobs: number;
  readonly submits: number;
  /** Jobs that were under way when their worker was killed, counted each time. */
  readonly losses: number;
  /** Requests whose answer a kill took, asked again; and those that were refused in words. */
  readonly repeats: number;
  readonly refusals: number;
  /** From a kill to the next claim of a job that was under way, at most; null when none was. */
  readonly longestRecoveryMs: number | null;
  readonly settleMs: number;
}

interface StormOptions {
  readonly seed: number;
  readonly killingMs: number;
  readonly providers?: boolean;
}

const PEOPLE = 5;
/** Small, so that sweeps and heartbeats come in too; more jobs at once than people keep under way. */
const ENVIRONMENT = { LEASE_MS: "1500", SWEEP_MS: "300", WORKER_CONCURRENCY: "24" };

/** A busy machine may take seconds to start a process: it is killed for longer, until it was a storm that hit something. */
const FEWEST_KILLS = 5;
const FEWEST_SUBMITS = 10;
const SLOW_MS = 120_000;
/**
 * At providers that are not asked more often than they like. Whether a call arrived is found out in seconds, which no life here
 * has: a job that is lost ten times before that ends unconfirmed, and keeps its provider's slot for one more attempt's time (P7).
 * For the same reason no lease ends there because the machine is busy.
 */
const MOST_KILLS = 9;
/** For a life in which nobody asks anything. */
const HEARD_WITHIN_MS = 10_000;

/**
 * People use a studio whose process is killed again and again, 200 to 800 ms after it was ready each time. Then it is
 * left alone, and what it says is compared with what people were promised and what the provider saw: the simulator, or with
 * `providers` the servers of fal, Replicate and ComfyUI, which live on and go wrong meanwhile.
 */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  const { seed, killingMs } = options;
  const chance = chanceFrom(seed);
  await using parts = new AsyncDisposableStack();
  const providers = options.providers === true ? await openProviders() : [];
  for (const { server } of providers) parts.use(server);
  const watch = watchSubmits(providers);
  const lease = providers.length > 0 ? { LEASE_MS: "15000" } : {};
  const env = Object.assign({}, ENVIRONMENT, lease, ...providers.map(({ env: keys }) => keys));
  const studio = parts.use(await startStudio(env));
  const world = newWorld(studio, { trade: providers.length > 0 ? servedTrade(providers) : SIMULATED });
  const people = Array.from({ length: PEOPLE }, (_, index) => livePerson(world, seed * PEOPLE + index));
  const talk = Promise.all(people);
  // Whoever breaks off is heard at the end.
  talk.catch(() => {});

  const kills: number[] = [];
  const until = Date.now() + killingMs;
  const submits = (): number =>
    simulatorLog(studio).filter(isTaken).length + providers.reduce((sum, { requests }) => sum + requests().length, 0);
  const isStorm = (): boolean =>
    kills.length >= FEWEST_KILLS &&
    submits() >= FEWEST_SUBMITS &&
    studio.lines.some((line) => line.includes('"event":"lose"'));
  const mayGoOn = (): boolean => providers.length === 0 || kills.length < MOST_KILLS;
  while (mayGoOn() && (Date.now() < until || (!isStorm() && Date.now() < until + SLOW_MS))) {
    if (providers.length > 0) {
      stir(providers, chance);
      await untilHeard(providers, chance.between(1, 8));
    }
    await delay(chance.between(200, 800));
    world.up = false;
    kills.push(Date.now());
    await studio.kill9();
    await studio.start();
    world.up = true;
  }
  world.over = true;
  await talk;
  const calmAt = Date.now();
  await settle(world);
  const settleMs = Date.now() - calmAt;

  const read = await readEvidence(world, inspectSqlite(join(studio.dataDir, "reelstate.sqlite")));
  const evidence = { ...read, log: [...read.log, ...deliveries(providers, read)] };
  const findings = [
    ...world.heard,
    ...evidence.doctor,
    ...judgeEnds(world, evidence),
    ...judgeLedger(evidence),
    ...judgeSubmits(evidence.log, rootsOf(evidence)),
    ...watch.findings,
    ...(await judgeMedia(studio.url, evidence)),
    ...bugsIn(studio),
  ];
  const { losses, longestRecoveryMs } = recoveries(evidence, kills);
  return {
    findings,
    kills: kills.length,
    jobs: [...world.started.values()].reduce((sum, jobs) => sum + jobs, 0),
    submits: submits(),
    losses,
    repeats: world.repeats,
    refusals: world.refusals,
    longestRecoveryMs,
    settleMs,
  };
}

/** Until this life has asked so much of the providers that its end falls on something. */
async function untilHeard(providers: readonly ServedProvider[], calls: number): Promise<void> {
  const heard = (): number => providers.reduce((sum, { server }) => sum + server.calls.length, 0);
  const wanted = heard() + calls;
  for (const end = Date.now() + HEARD_WITHIN_MS; heard() < wanted && Date.now() < end;) await delay(20);
}

function recoveries(
  { histories }: Evidence,
  kills: readonly number[],
): Pick<StormReport, "losses" | "longestRecoveryMs"> {
  let losses = 0;
  let longestRecoveryMs: number | null = null;
  for (const { transitions } of histories.values()) {
    transitions.forEach(({ event, jobId, at }, index) => {
      if (event !== "lose") return;
      losses += 1;
      const claimed = transitions.slice(index + 1).find((next) => next.event === "claim" && next.jobId === jobId);
      const killed = kills.findLast((kill) => kill <= at);
      if (claimed === undefined || killed === undefined) return;
      longestRecoveryMs = Math.max(longestRecoveryMs ?? 0, claimed.at - killed);
    });
  }
  return { losses, longestRecoveryMs };
}
