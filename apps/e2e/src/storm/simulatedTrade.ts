import { inTurn } from "./inTurn.ts";
import { wornOut } from "./Trade.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { Script } from "../harness/studioClient.ts";
import type { Chance } from "./chanceFrom.ts";
import type { Kind, Trade } from "./Trade.ts";

const picture = (script: Script): Kind => ({
  type: "image",
  model: "sim/image",
  params: { script: { queueMs: 50, runMs: 300, ...script } },
});
const video = (script: Script): Kind => ({ type: "video", model: "sim/video", params: { script, durationMs: 1_000 } });
const onceAt = (at: "submit" | "fetch" | "store" | number, code: string, retryAfterMs?: number): Script => ({
  fail: { code, at, retryable: true, times: 1, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
});

const MAKERS: readonly ((chance: Chance) => Kind)[] = [
  (chance) => picture({ runMs: chance.between(200, 1_200) }),
  (chance) => video({ queueMs: 50, runMs: chance.between(400, 1_500) }),
  (chance) => picture({ runMs: chance.between(2_000, 4_000), progress: chance.oneOf(["measured", "none"]) }),
  // Kills fall into a call that is under way.
  () => picture({ submitMs: 250 }),
  () => picture({ fetchMs: 250 }),
  // Goes well the second time.
  () => picture({ runMs: 600, ...onceAt(0.5, "provider_unavailable") }),
  () => picture(onceAt("submit", "rate_limited", 200)),
  () => picture(onceAt("fetch", "provider_unavailable")),
  () => picture(onceAt("store", "storage_failed")),
  // Never goes well.
  () => picture({ fail: { code: "content_policy_input", at: "submit" } }),
  () => picture({ fail: { code: "content_policy_output", at: 0.6 } }),
  // The answer to a submit is lost, beside those that a kill loses.
  () => picture({ dropAnswer: true }),
  () => picture({ dropAnswer: true, lookup: false, idempotent: true }),
  () => picture({ dropAnswer: true, lookup: false }),
  () => picture({ submitMs: 100, lookup: false }),
  // What a cancel may meet.
  () => picture({ hang: true }),
  () => picture({ runMs: 1_500, cancel: "late" }),
  () => picture({ runMs: 1_500, cancel: "unsupported" }),
];

/** What the simulator makes, as its scripts say. */
export const SIMULATED: Trade = {
  kindsInTurn: (chance) => inTurn(MAKERS, chance),
  atOnce: 2,
  follower: video({ queueMs: 0, runMs: 300 }),
  again: ["retry", "regenerate"],
  change: ({ params }) => ({ params: { script: params["script"] } }),
  hangs: (version) => scriptOf(version).hang === true,
  mayFail: (version, story) => {
    const { fail, lookup, idempotent } = scriptOf(version);
    return new Set([
      ...(fail !== undefined && fail.times === undefined ? [fail.code] : []),
      ...(lookup === false && idempotent !== true ? ["unconfirmed_submit"] : []),
      ...(version.inputs.length > 0 ? ["input_not_ready"] : []),
      ...wornOut(story),
    ]);
  },
};

function scriptOf({ params }: Asset["currentVersion"]): Script {
  return params["script"] ?? {};
}
