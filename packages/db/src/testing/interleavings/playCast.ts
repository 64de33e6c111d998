import { carryToItsEnd } from "./carryToItsEnd.ts";
import { judge } from "./judge.ts";
import { look } from "./look.ts";
import { openScene } from "./openScene.ts";
import { ordersOf, sharedBeginning } from "./ordersOf.ts";
import { slotsAreFree } from "./slotsAreFree.ts";
import type { Actor, Step } from "./actors.ts";
import type { Scene } from "./openScene.ts";
import type { World } from "./openWorld.ts";
import type { Order } from "./ordersOf.ts";
import type { Look } from "./look.ts";
import type { Seen } from "./judge.ts";
import type { Stage } from "./stages.ts";
import type { Told } from "./Told.ts";

/** Who plays, and where they begin. */
export interface Cast {
  readonly stage: Stage;
  readonly actors: readonly Actor[];
}

export interface Played {
  readonly orders: number;
  readonly steps: number;
  /** The first order that broke a rule, told as a story; null when none did. */
  readonly story: string | null;
}

/** What one order came to: each step with its answer, and what was wrong after the last of them. */
interface Course {
  readonly steps: readonly (readonly [who: string, says: string, said: string])[];
  readonly wrong: readonly string[];
}

/**
 * Plays every order of a cast's steps, each from the beginning on an asset of its own. Everything is the same each time,
 * the clock and the ids' order too, so a beginning that two neighbours share is looked at once.
 */
export async function playCast(nextWorld: () => Promise<World>, cast: Cast, only?: string): Promise<Played> {
  const names = cast.actors.map(({ name }) => name);
  const first = await onStage(await nextWorld(), cast);
  const lengths = first.scripts.map((script) => script.length);
  const twin = (index: number): boolean => index > 0 && names[index] === names[index - 1];
  let previous: Order = [];
  let [orders, steps] = [0, 0];
  for (const order of ordersOf(lengths, twin)) {
    if (only !== undefined && order.join("") !== only) continue;
    const placed = orders === 0 ? first : await onStage(await nextWorld(), cast);
    const course = await playOrder(placed, cast, order, only === undefined ? sharedBeginning(previous, order) : 0);
    orders += 1;
    steps += order.length;
    if (course.wrong.length > 0) return { orders, steps, story: storyOf(cast, order, course) };
    previous = order;
  }
  return { orders, steps, story: null };
}

export interface Placed {
  readonly scene: Scene;
  readonly scripts: readonly (readonly Step[])[];
}

export async function onStage(world: World, { stage, actors }: Cast): Promise<Placed> {
  const scene = openScene(world);
  await stage.arrange(scene);
  return { scene, scripts: actors.map((actor) => actor.script(scene)) };
}

async function playOrder({ scene, scripts }: Placed, { actors }: Cast, order: Order, known: number): Promise<Course> {
  const next = scripts.map((script) => script[Symbol.iterator]());
  const steps: (readonly [string, string, string])[] = [];
  let before = known === 0 ? await look(scene) : null;
  let wrong: readonly string[] = known === 0 ? await brokenInvariants(scene) : [];
  for (const [at, who] of order.entries()) {
    if (wrong.length > 0) break;
    const step = next[who]?.next().value;
    if (step === undefined) throw new Error(`Actor ${who} has no step left in ${order.join("")}.`);
    const told = await answerOf(step);
    steps.push([actors[who]?.name ?? "", step.says, told.said]);
    if (told.threw !== undefined) {
      wrong = [told.threw];
      break;
    }
    if (at + 1 < known) continue;
    const quiet = told.kind === "idle" || told.kind === "time";
    const after: Look = quiet && before !== null ? before : await look(scene);
    if (at >= known && before !== null) wrong = await judged(scene, { before, after, told });
    before = after;
  }
  if (wrong.length === 0) {
    const stuck = (await carryToItsEnd(scene)) ?? (await slotsAreFree(scene));
    wrong = stuck === null ? await brokenInvariants(scene) : [stuck];
    if (wrong.length > 0) steps.push(["everybody", "carry it to its end", ""]);
  }
  return { steps, wrong };
}

/** A bug that is thrown is part of the story, and ends it. */
export async function answerOf(step: Step): Promise<Told> {
  try {
    return await step.play();
  } catch (error) {
    return { kind: "idle", done: false, said: "threw", threw: String(error) };
  }
}

async function judged(scene: Scene, step: Omit<Seen, "news">): Promise<readonly string[]> {
  const { before, after, told } = step;
  const { store, workspaceId } = scene;
  const news =
    after.seq === before.seq
      ? []
      : (await store.readFeed({ workspaceId, after: before.seq, feedId: null, limit: 100 })).items;
  const wrong = [...judge({ ...step, news }), ...scene.broken];
  // What was refused and shows no change is asked about with the next step that does something, at the latest at the end.
  return wrong.length > 0 || !told.done ? wrong : brokenInvariants(scene, told);
}

async function brokenInvariants({ store, workspaceId }: Scene, told?: Told): Promise<readonly string[]> {
  const findings = await store.checkInvariants({ workspaceId });
  // Where only time has passed, nobody has had a chance yet to find the lease that ended.
  const due = findings.filter(({ rule }) => rule !== "J6" || told === undefined || told.kind === "sweep");
  return due.map(({ rule, explanation }) => `${rule} ${explanation}`);
}

/** The name by which a cast is found again; with an order, one order of it. */
export function castName({ stage, actors }: Cast, order?: Order): string {
  const name = `${stage.name}:${actors.map((actor) => actor.name).join("+")}`;
  return order === undefined ? name : `${name}:${order.join("")}`;
}

function storyOf(cast: Cast, order: Order, { steps, wrong }: Course): string {
  const told = steps.map(([who, says, said], at) => {
    const last = at === steps.length - 1 ? "   <- here" : "";
    return `  ${at + 1}. ${who} ${says}${said === "" ? "" : `: ${said}`}${last}`;
  });
  return [
    wrong.join("\n"),
    `  from ${cast.stage.name}, with ${cast.actors.map(({ name }) => name).join(", ")}`,
    ...told,
    `  again: npx pnpm --filter @reelstate/db test:interleavings --only ${castName(cast, order)}`,
  ].join("\n");
}
