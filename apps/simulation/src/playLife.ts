import { notifyManager, timeoutManager } from "@tanstack/react-query";
import { openBrowser } from "./browser/openBrowser.ts";
import { openPerson } from "./browser/openPerson.ts";
import { differences, judgeEnd, uncollected } from "./judge/judgeEnd.ts";
import { openChronicle } from "./judge/openChronicle.ts";
import { openSlotJudge } from "./judge/openSlotJudge.ts";
import { openTruth } from "./judge/openTruth.ts";
import { openWitness } from "./judge/openWitness.ts";
import { openProvider } from "./outside/openProvider.ts";
import { openShelfSpace } from "./outside/openShelfSpace.ts";
import { drawTraits } from "./outside/Traits.ts";
import { LAPSED_DAY_MS } from "./studio/openLapsedJanitor.ts";
import { openOperator } from "./studio/openOperator.ts";
import { openCrew } from "./studio/openCrew.ts";
import { LEASE_MS, openStore, SWEEP_MS } from "./studio/openProcess.ts";
import { BEGINNING, openWorld } from "./World.ts";
import type { SlotJudge } from "./judge/openSlotJudge.ts";
import type { Template } from "./openTemplate.ts";
import type { Realm } from "./clock/openScheduler.ts";
import type { FarProvider } from "./outside/openProvider.ts";
import type { Ground } from "./studio/openProcess.ts";
import type { Playing, World } from "./World.ts";

export interface LifeReport {
  readonly seed: number;
  readonly accusations: readonly string[];
  /** The same seed always gives the same. */
  readonly trace: string;
  readonly virtualMs: number;
  readonly deaths: number;
  readonly jobs: number;
  readonly events: number;
  readonly effects: number;
  readonly submits: number;
  readonly renders: number;
  readonly resets: number;
  readonly collected: number;
}

const TROUBLE_MS = 9_000;
/** Within this every job has met its deadline, waiting and recovery included. */
const JOBS_REST_MS = 240_000;
/** The same, of those that wait for each other's slots. */
const LIMITED_REST_MS = 4 * JOBS_REST_MS;
/** Within this what nobody follows has been let go, or the judge of slots has said that it was not. */
const SLOTS_REST_MS = 30_000;
const SLOTS_LOOK_MS = 400;
const CHRONICLE_MS = 500;
/** Within this a janitor has collected what nobody had touched for a day of its own. */
const CLEAN_REST_MS = LAPSED_DAY_MS + 10_000;
/** Within this every browser has noticed what it lost. */
const BROWSERS_REST_MS = 60_000;
const LOOK_MS = 250;

let queryTimers: Realm | null = null;
let isSet = false;

/** One whole life: people, browsers, processes, providers, troubles; then rest, and judgement. */
export async function playLife(template: Template, seed: number, playing: Playing = {}): Promise<LifeReport> {
  template.renew();
  const world = openWorld(seed, playing);
  const { scheduler, chance } = world;
  handInQueryTimers(scheduler.realm("query timers"));
  const { connection } = template;
  let providers: readonly FarProvider[] = [];
  const operator = openOperator(world);
  const { keep } = operator;
  const slots = operator.limits ? openSlotJudge(world, connection) : NO_SLOTS;
  const witness = openWitness(world, connection, () => providers);
  providers = ["alpha", "beta"].map((name) =>
    openProvider(world, drawTraits(chance, name), (request) => {
      witness(request);
      slots.look();
    }),
  );
  const ground: Ground = {
    connection,
    providers,
    space: openShelfSpace(world, connection),
    grant: chance.pick([12, 40, 400]),
    operator,
    slots,
  };
  const store = openStore(world, ground, scheduler.realm("judge"));
  const crew = openCrew(world, ground);
  const truth = openTruth(world);
  const chronicle = openChronicle(world, connection, keep === null ? null : keep.binDays * LAPSED_DAY_MS);
  const names = chance.happens(0.35) ? ["ann", "bob"] : ["ann"];
  const browsers = names.map((name) => openBrowser(world, name, crew.served, truth));
  const models = providers.flatMap(({ models: offers }) => offers.map(({ id }) => id));
  const until = BEGINNING + TROUBLE_MS;
  const busy = chance.pick([900, 2_500]);
  const people = browsers.map((browser) => openPerson(world, browser, { models, until, busy }));

  if (keep !== null) scheduler.realm("chronicle").every(CHRONICLE_MS, chronicle.read);
  if (operator.limits) scheduler.realm("slot judge").every(SLOTS_LOOK_MS, slots.look);
  await scheduler.run(() => false, TROUBLE_MS);
  world.trouble = false;
  crew.comfort();
  world.tell("world", "is calm");

  const live = connection.prepare("SELECT count(*) FROM job WHERE status IN ('pending', 'processing')").pluck();
  const overdue = connection.prepare("SELECT id FROM job WHERE status = 'processing' AND lease_until < ?").pluck();
  const calmAt = scheduler.now();
  const rested = await look(world, operator.limits ? LIMITED_REST_MS : JOBS_REST_MS, async () => {
    if (scheduler.now() > calmAt + 5 * LEASE_MS)
      for (const job of overdue.all(scheduler.now() - LEASE_MS - 3 * SWEEP_MS))
        world.accuse("J6", `nobody took up job ${String(job)} although its lease ended long ago`);
    return world.accusations.length > 0 || Number(live.get()) === 0;
  });
  if (!rested) world.accuse("J6", `jobs that never end: ${JSON.stringify(connection.prepare(LIVE).all())}`);
  let last: readonly string[] = [];
  await look(world, BROWSERS_REST_MS, async () => {
    last = await differences(store, browsers);
    return last.length === 0;
  });
  for (const difference of last) world.accuse("E5", difference);
  await look(world, SLOTS_REST_MS, async () => !slots.isHeld());
  // Last: while the others come to rest, a bin's period ends, and its files are another janitor's round away.
  if (keep !== null) await look(world, CLEAN_REST_MS, async () => uncollected(ground).length === 0);
  chronicle.read();
  await judgeEnd(world, store, { ground, chronicle, presses: people.flat() });

  const count = (sql: string): number => Number(connection.prepare(sql).pluck().get());
  return {
    seed,
    accusations: world.accusations,
    trace: world.trace(),
    virtualMs: scheduler.now() - BEGINNING,
    deaths: world.counts.deaths,
    jobs: count("SELECT count(*) FROM job"),
    events: count("SELECT count(*) FROM event"),
    effects: world.counts.effects,
    submits: world.counts.submits,
    renders: world.counts.renders,
    resets: world.counts.resets,
    collected: world.counts.collected,
  };
}

/** Looks again and again whether something has come to be. */
async function look(world: World, limitMs: number, found: () => Promise<boolean>): Promise<boolean> {
  const endAt = world.scheduler.now() + limitMs;
  for (;;) {
    if (await found()) return true;
    if (world.scheduler.now() >= endAt) return false;
    await world.scheduler.run(() => false, LOOK_MS);
  }
}

/** The query cache takes its timers from one place for the whole program. */
function handInQueryTimers(realm: Realm): void {
  queryTimers = realm;
  if (isSet) return;
  isSet = true;
  const stops = new Map<number, () => void>();
  let ids = 0;
  const set = (callback: (_: void) => void, ms: number): number => {
    ids += 1;
    const id = ids;
    stops.set(
      id,
      queryTimers?.after(ms, () => {
        stops.delete(id);
        callback();
      }) ?? (() => {}),
    );
    return id;
  };
  const clear = (id: number | undefined): void => {
    if (id === undefined) return;
    stops.get(id)?.();
    stops.delete(id);
  };
  timeoutManager.setTimeoutProvider({
    setTimeout: set,
    clearTimeout: clear,
    setInterval: () => {
      throw new Error("Nothing polls (U5).");
    },
    clearInterval: clear,
  });
  notifyManager.setScheduler((callback) => queueMicrotask(callback));
}

/** Where nothing is limited. */
const NO_SLOTS: SlotJudge = { areSet: () => {}, look: () => {}, isHeld: () => false };

const LIVE =
  "SELECT id, status, phase, attempt, lease_until, next_try_at FROM job WHERE status IN ('pending', 'processing')";
