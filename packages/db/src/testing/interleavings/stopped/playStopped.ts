import { carryToItsEnd } from "../carryToItsEnd.ts";
import { look } from "../look.ts";
import { answerOf, castName, onStage } from "../playCast.ts";
import { ATTEMPT_MS } from "../openScene.ts";
import { slotsAreFree } from "../slotsAreFree.ts";
import { drawFrom } from "./drawFrom.ts";
import { brokenBetween, judgeStep } from "./judgeStep.ts";
import { openLeases } from "./openLeases.ts";
import type { Scene } from "../openScene.ts";
import type { Cast } from "../playCast.ts";
import type { Step } from "../actors.ts";
import type { Told } from "../Told.ts";
import type { Commit } from "./judgeStep.ts";
import type { StoppedWorld, Seat } from "./openStoppedWorld.ts";
import type { Player } from "./openTurns.ts";

export interface PlayedStopped {
  /** How many times somebody's turn came. */
  readonly turns: number;
  /** How many statements had to wait for another's lock. */
  readonly waits: number;
  readonly deadlocks: number;
  /** Everything that was done, turn by turn. */
  readonly course: string;
  /** The course, if it broke a rule, and which. */
  readonly story: string | null;
}

/** One actor on his seat: which step he is in, and what he has committed in it. */
interface Actor extends Player {
  readonly name: string;
  readonly seat: Seat;
  readonly steps: Step[];
  readonly commits: Commit[];
  told: Told | null;
  /** When the step that he is in began, by the database's clock. */
  began: number;
  busy: boolean;
}

/**
 * Plays one cast, each actor in a process of its own, stopped before every statement; whose statement is next is drawn from the
 * seed. After each commit everything is judged as after a whole step, because to whoever looks on it is one.
 */
export async function playStopped(world: StoppedWorld, cast: Cast, seed: number): Promise<PlayedStopped> {
  const { scene, scripts } = await onStage(world, cast);
  const actors = scripts.map((steps, at) => seated(world, { name: cast.actors[at]?.name ?? "", steps, at }));
  const choose = chooser(seed);
  const lines: string[] = [];
  const schedule: number[] = [];
  const leases = openLeases();
  const deadlocksBefore = deadlocksOf(actors);
  let before = await look(scene);
  let wrong: readonly string[] = await brokenBetween(scene);
  let waiting: ReadonlySet<Player> = new Set();
  let waits = 0;
  for (const actor of actors) actor.seat.stops.stopAll(true);
  try {
    while (wrong.length === 0) {
      const ready = actors.filter((actor) => !waiting.has(actor) && (actor.busy || actor.steps.length > 0));
      const actor = choose(ready);
      if (actor === undefined) break;
      schedule.push(actors.indexOf(actor));
      if (!actor.busy) actor.began = await scene.store.now();
      const commits = actor.stops.commits();
      lines.push(`${actor.name} ${takeTurn(actor, world)}`);
      waiting = await world.turns.untilStill(actors);
      if (waiting.has(actor)) waits += 1;
      if (actor.stops.commits() > commits) {
        const after = await look(scene);
        const news = await newsSince(scene, before.seq, after.seq);
        actor.commits.push({ before, after, news });
        before = after;
        wrong = await brokenBetween(scene);
      }
      note(lines, waiting.has(actor) ? "waits for a lock" : "");
      for (const one of actors) {
        if (one.told === null) continue;
        note(lines, `${one === actor ? "" : `${one.name} `}${one.told.said}`);
        const now = await scene.store.now();
        leases.given(one.told, one.began);
        wrong = [...wrong, ...leases.taken(one.told, now), ...judgeStep(one.told, one.commits.splice(0), before)];
        // What is estimated, and when something may begin, changes with time alone.
        if (one.told.kind === "time") before = await look(scene);
        one.told = null;
      }
      if (deadlocksOf(actors) > deadlocksBefore)
        wrong = [...wrong, "J2 two waited for each other: the lock order is not kept"];
    }
  } finally {
    await letAllGo(actors);
  }
  if (wrong.length === 0) {
    wrong = await atTheEnd(scene);
    if (wrong.length > 0) lines.push("everybody carries it to its end");
  }
  const course = courseOf(cast, seed, { lines, schedule });
  return {
    turns: schedule.length,
    waits,
    deadlocks: deadlocksOf(actors) - deadlocksBefore,
    course,
    story: wrong.length === 0 ? null : `${wrong.join("\n")}\n${course}`,
  };
}

function seated(
  { seats }: StoppedWorld,
  { name, steps, at }: { readonly name: string; readonly steps: readonly Step[]; readonly at: number },
): Actor {
  const seat = seats[at];
  if (seat === undefined) throw new Error(`There is no seat for ${name}.`);
  const { stops } = seat;
  const actor: Actor = {
    name,
    seat,
    stops,
    steps: [...steps],
    commits: [],
    told: null,
    began: 0,
    busy: false,
    isBusy: () => actor.busy,
  };
  return actor;
}

/** Begins the actor's next step, or sends his next statement. Says which. */
function takeTurn(actor: Actor, { turns }: StoppedWorld): string {
  const sql = actor.stops.next();
  if (sql !== null) {
    actor.stops.letGo();
    return `> ${shortened(sql)}`;
  }
  const step = actor.steps.shift();
  if (step === undefined) throw new Error(`${actor.name} has nothing to do.`);
  actor.busy = true;
  void actor.seat
    .run(() => answerOf(step))
    .then((told) => {
      actor.told = told;
      actor.busy = false;
      turns.changed();
    });
  return step.says;
}

/** When something is wrong nobody is left in the middle of a transaction. */
async function letAllGo(actors: readonly Actor[]): Promise<void> {
  for (const { stops } of actors) stops.stopAll(false);
  while (actors.some(({ busy }) => busy)) {
    for (const { stops } of actors) while (stops.next() !== null) stops.letGo();
    await new Promise((resolve) => void setImmediate(resolve));
  }
}

async function newsSince({ store, workspaceId }: Scene, before: number, after: number): Promise<Commit["news"]> {
  if (after === before) return [];
  return (await store.readFeed({ workspaceId, after: before, feedId: null, limit: 100 })).items;
}

async function atTheEnd(scene: Scene): Promise<readonly string[]> {
  const stuck = await carryToItsEnd(scene);
  if (stuck !== null) return [stuck];
  if (scene.isLimited()) {
    // Of limits that were set while something ended, whoever looks on cannot know which of the two was first.
    scene.pass(ATTEMPT_MS);
    await scene.sweep();
  }
  const taken = await slotsAreFree(scene);
  if (taken !== null) return [taken];
  const findings = await scene.store.checkInvariants({ workspaceId: scene.workspaceId });
  return [...scene.broken, ...findings.map(({ rule, explanation }) => `${rule} ${explanation}`)];
}

function deadlocksOf(actors: readonly Actor[]): number {
  return actors.reduce((sum, { stops }) => sum + stops.deadlocks(), 0);
}

/** The same choices for the same seed. Of two seeds one changes hands at every turn, and one lets whoever is at it go on for a while. */
function chooser(seed: number): <T>(among: readonly T[]) => T | undefined {
  let drawn = 0;
  let last: unknown;
  const draw = (below: number): number => drawFrom(`${seed} ${(drawn += 1)}`, below);
  return (among) => {
    if (among.length === 0) return undefined;
    const same = among.find((one) => one === last);
    const chosen = same !== undefined && seed % 2 === 1 && draw(3) > 0 ? same : among[draw(among.length)];
    last = chosen;
    return chosen;
  };
}

function note(lines: string[], said: string): void {
  if (said !== "") lines[lines.length - 1] += `: ${said}`;
}

const SHOWN = 90;

function shortened(sql: string): string {
  const line = sql.replaceAll(/\s+/g, " ").replaceAll(/\d+::bigint/g, "now");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

function courseOf(
  { stage, actors }: Cast,
  seed: number,
  { lines, schedule }: { readonly lines: readonly string[]; readonly schedule: readonly number[] },
): string {
  return [
    `  from ${stage.name}, with ${actors.map(({ name }) => name).join(", ")}, seed ${seed}, turns ${schedule.join("")}`,
    ...lines.map((line, at) => `  ${at + 1}. ${line}`),
    `  again: npx pnpm --filter @reelstate/db test:interleavings --stopped --only ${castName({ stage, actors })}:${seed}`,
  ].join("\n");
}
