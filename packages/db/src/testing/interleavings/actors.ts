import { RIVAL_MODEL } from "./openScene.ts";
import type { Hand, Scene } from "./openScene.ts";
import type { Prop } from "./stages.ts";
import type { Told } from "./Told.ts";

/** One whole transaction of the store, or time that passes. */
export interface Step {
  readonly says: string;
  readonly play: () => Promise<Told>;
}

/** Somebody who does a few whole steps one after the other, as the real code does, whatever others do in between. */
export interface Actor {
  readonly name: string;
  /** One of the ten of which the test command plays every triple. */
  readonly leading: boolean;
  /** Only in a stage that has this is there something for it to do. */
  readonly needs?: Prop;
  readonly script: (scene: Scene) => readonly Step[];
}

type Script = (scene: Scene, hand: Hand) => readonly Step[];

/** A worker goes on with the attempt that the stage gave it, be it stale; where the stage gave none it claims first. */
function worker(name: string, script: Script, leading = false): Actor {
  return {
    name,
    leading,
    script: (scene) => {
      const held = scene.held();
      const hand: Hand = held === null ? { ref: null, submissionId: null } : { ...held };
      const first = held === null ? [{ says: "claims", play: () => scene.claim(hand) }] : [];
      return [...first, ...script(scene, hand)];
    },
  };
}

function other(name: string, script: Actor["script"], leading = false): Actor {
  return { name, leading, script };
}

function one(says: string, play: () => Promise<Told>): readonly Step[] {
  return [{ says, play }];
}

export const ACTORS: readonly Actor[] = [
  other("claim", (scene) => one("claims", () => scene.claim({ ref: null, submissionId: null })), true),
  worker(
    "progress",
    (scene, hand) => [
      { says: "reports 0.5 at the provider", play: () => scene.progress(hand, "at_provider", 0.5) },
      { says: "reports storing", play: () => scene.progress(hand, "storing", null) },
    ],
    true,
  ),
  worker("complete", (scene, hand) => one("completes", () => scene.complete(hand)), true),
  worker("fail", (scene, hand) => one("fails, retryable", () => scene.fail(hand, null)), true),
  other("cancel", (scene) => one("cancels", () => scene.cancel()), true),
  worker("settle", (scene, hand) => one("settles as cancelled", () => scene.settle(hand, "cancelled")), true),
  other(
    "sweep",
    (scene) => [
      { says: "the lease passes", play: () => scene.loseLease() },
      { says: "sweeps", play: () => scene.sweep() },
    ],
    true,
  ),
  other("retry", (scene) => one("retries", () => scene.start("retry")), true),
  other("delete", (scene) => one("deletes", () => scene.remove()), true),
  other("recover", (scene) => one("recovers", () => scene.start("recover")), true),

  worker("submit", (scene, hand) => [
    { says: "intends to submit", play: () => scene.intend(hand) },
    { says: "hears the provider's answer", play: () => scene.open(hand) },
  ]),
  worker("refuse", (scene, hand) =>
    one("fails for good, as the provider did", () => scene.fail(hand, "failed", { retryable: false })),
  ),
  {
    ...worker("lose_track", (scene, hand) =>
      one("fails for good, nobody knows whether it arrived", () =>
        scene.fail(hand, null, { code: "unconfirmed_submit", retryable: false, recoverable: true }),
      ),
    ),
    needs: "unanswered",
  },
  worker("hand_back", (scene, hand) => one("hands back", () => scene.handBack(hand))),
  worker("heartbeat", (scene, hand) => one("beats", () => scene.heartbeat(hand))),
  {
    ...worker("stop", (scene, hand) => one("settles, having asked nobody", () => scene.settle(hand, null))),
    needs: "request",
  },
  {
    ...other("answer", (scene) =>
      one("the provider's late answer is heard", () => scene.open(scene.held() ?? { ref: null, submissionId: null })),
    ),
    needs: "unanswered",
  },
  other("deadline", (scene) => [
    { says: "the job's time passes", play: () => scene.passDeadline() },
    { says: "sweeps", play: () => scene.sweep() },
  ]),
  other("restart", (scene) => one("takes back what a dead process held", () => scene.restart())),
  other("regenerate", (scene) => one("regenerates", () => scene.start("regenerate"))),
  {
    ...other("rival", (scene) => {
      const hand: Hand = { ref: null, submissionId: null };
      return [
        { says: "another model's work is asked for", play: () => scene.claim(hand, RIVAL_MODEL) },
        { says: "what was given is completed", play: () => scene.complete(hand) },
      ];
    }),
    needs: "rival",
  },
  {
    ...other("relimit", (scene) => [
      { says: "lifts the provider's limit", play: () => scene.liftLimit() },
      { says: "sets the provider's limit again", play: () => scene.limitAgain() },
    ]),
    needs: "rival",
  },
  { ...other("input_made", (scene) => one("the input is made", () => scene.completeInput())), needs: "input" },
  { ...other("input_failed", (scene) => one("the input fails", () => scene.failInput())), needs: "input" },
];
