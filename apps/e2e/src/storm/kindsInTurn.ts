import type { Script } from "../harness/studioClient.ts";
import type { Chance } from "./chanceFrom.ts";

/** What a person may order. */
export interface Kind {
  readonly type: "image" | "video";
  readonly script: Script;
}

const picture = (script: Script): Kind => ({ type: "image", script: { queueMs: 50, runMs: 300, ...script } });
const onceAt = (at: "submit" | "fetch" | "store" | number, code: string, retryAfterMs?: number): Script => ({
  fail: { code, at, retryable: true, times: 1, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
});

const MAKERS: readonly ((chance: Chance) => Kind)[] = [
  (chance) => picture({ runMs: chance.between(200, 1_200) }),
  (chance) => ({ type: "video", script: { queueMs: 50, runMs: chance.between(400, 1_500) } }),
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

/** Goes through all kinds again and again, so that chance leaves none out of a short storm. */
export function kindsInTurn(chance: Chance): () => Kind {
  let left: (typeof MAKERS)[number][] = [];
  return () => {
    if (left.length === 0) left = [...MAKERS];
    const make = chance.oneOf(left);
    left = left.filter((other) => other !== make);
    return make(chance);
  };
}
