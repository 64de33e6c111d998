import { RIVAL_MODEL } from "./openScene.ts";
import type { JobPlan } from "../../store/people.ts";
import type { Hand, Scene } from "./openScene.ts";

/** What a stage has that not all have: an input that is being made, a request at the provider, one without an answer
 * yet, work of another model that needs the same only slot. */
export type Prop = "input" | "request" | "unanswered" | "rival";

/** Where an order begins: an asset that has come this far, and what its worker remembers. */
export interface Stage {
  readonly name: string;
  /** One of those from which triples are played in the test command. */
  readonly main: boolean;
  readonly has: readonly Prop[];
  readonly arrange: (scene: Scene) => Promise<void>;
}

const newHand = (): Hand => ({ ref: null, submissionId: null });

async function claimed(scene: Scene, plan: Partial<JobPlan> = {}): Promise<Hand> {
  await scene.create({ plan });
  return claimedAgain(scene);
}

async function claimedAgain(scene: Scene): Promise<Hand> {
  const hand = newHand();
  const told = await scene.claim(hand);
  if (!told.done) throw new Error("This stage cannot be reached: there is nothing to claim.");
  return hand;
}

async function intended(scene: Scene, plan: Partial<JobPlan> = {}): Promise<Hand> {
  const hand = await claimed(scene, plan);
  await scene.intend(hand);
  return hand;
}

async function atProvider(scene: Scene, plan: Partial<JobPlan> = {}): Promise<Hand> {
  const hand = await intended(scene, plan);
  await scene.open(hand);
  return hand;
}

async function lost(scene: Scene, before = atProvider): Promise<Hand> {
  const hand = await before(scene);
  await scene.loseLease();
  await scene.sweep();
  await scene.endBackoff();
  return hand;
}

async function failedPaid(scene: Scene): Promise<void> {
  await scene.fail(await atProvider(scene), null, { retryable: false });
}

async function made(scene: Scene): Promise<Hand> {
  const hand = await claimed(scene);
  await scene.complete(hand);
  return hand;
}

/** Workers that are played from here hold what `arrange` gives; where it gives nothing they must claim first. */
function stage(name: string, arrange: (scene: Scene) => Promise<Hand | void>, about: Partial<Stage> = {}): Stage {
  return {
    name,
    main: false,
    has: [],
    ...about,
    arrange: async (scene) => {
      const hand = await arrange(scene);
      if (hand !== undefined) scene.hold(hand);
    },
  };
}

const MAIN: Partial<Stage> = { main: true };
const REQUEST: Partial<Stage> = { has: ["request"] };
const UNANSWERED: Partial<Stage> = { has: ["request", "unanswered"] };

/** As before, and the provider may do one thing at once, which another model's work waits for too (P7). */
function limitedStage(name: string, arrange: (scene: Scene) => Promise<Hand | void>, has: readonly Prop[] = []): Stage {
  return stage(
    name,
    async (scene) => {
      await scene.limit();
      const hand = await arrange(scene);
      await scene.createOf(RIVAL_MODEL);
      return hand;
    },
    { has: [...has, "rival"] },
  );
}

export const STAGES: readonly Stage[] = [
  stage("fresh", (scene) => scene.create(), MAIN),
  stage("claimed", claimed),
  stage("intended", intended, UNANSWERED),
  stage(
    "at_provider",
    async (scene) => {
      const hand = await atProvider(scene);
      await scene.progress(hand, "at_provider", 0.7);
      return hand;
    },
    { ...MAIN, ...REQUEST },
  ),
  stage("last_try", (scene) => atProvider(scene, { maxFailures: 1, maxLosses: 0 }), REQUEST),
  stage("backoff", async (scene) => {
    const hand = await claimed(scene);
    await scene.fail(hand, null);
    return hand;
  }),
  stage("lost", lost, REQUEST),
  stage("lost_unanswered", (scene) => lost(scene, intended), UNANSWERED),
  stage(
    "overtaken",
    async (scene) => {
      const stale = await lost(scene);
      await claimedAgain(scene);
      return stale;
    },
    { ...MAIN, ...REQUEST },
  ),
  stage("overtaken_early", async (scene) => {
    const stale = await lost(scene, claimed);
    await claimedAgain(scene);
    return stale;
  }),
  stage("waiting_inputs", (scene) => scene.create({ withInput: true }), { has: ["input"] }),
  stage(
    "wished",
    async (scene) => {
      const hand = await atProvider(scene);
      await scene.cancel();
      return hand;
    },
    { ...MAIN, ...REQUEST },
  ),
  stage(
    "wished_pending",
    async (scene) => {
      const hand = await lost(scene);
      await scene.cancel();
      return hand;
    },
    REQUEST,
  ),
  stage("failed", async (scene) => {
    const hand = await claimed(scene);
    await scene.fail(hand, null, { retryable: false });
    return hand;
  }),
  stage("failed_paid", failedPaid, MAIN),
  stage(
    "failed_unknown",
    async (scene) => {
      const hand = await intended(scene);
      await scene.fail(hand, null, { retryable: false, recoverable: true });
      return hand;
    },
    UNANSWERED,
  ),
  stage("recovering", async (scene) => {
    await failedPaid(scene);
    await scene.start("recover");
  }),
  stage("cancelled", async (scene) => {
    const hand = await claimed(scene);
    await scene.cancel();
    await scene.settle(hand, null);
    return hand;
  }),
  stage("completed", made),
  stage(
    "regenerating",
    async (scene) => {
      await made(scene);
      await scene.start("regenerate");
      const hand = await claimedAgain(scene);
      await scene.intend(hand);
      await scene.open(hand);
      return hand;
    },
    REQUEST,
  ),
  stage(
    "deleted",
    async (scene) => {
      const hand = await atProvider(scene);
      await scene.remove();
      return hand;
    },
    REQUEST,
  ),
  limitedStage("slot_free", (scene) => scene.create()),
  limitedStage("slot_mine", atProvider, ["request"]),
  limitedStage("slot_kept", failedPaid),
  stage(
    "slot_theirs",
    async (scene) => {
      await scene.limit();
      await scene.create();
      await scene.createOf(RIVAL_MODEL);
      await scene.claim(newHand(), RIVAL_MODEL);
    },
    { has: ["rival"] },
  ),
];
