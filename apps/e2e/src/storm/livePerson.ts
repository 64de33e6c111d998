import { setTimeout as delay } from "node:timers/promises";
import { studioClient } from "../harness/studioClient.ts";
import { askUntilAnswered } from "./askUntilAnswered.ts";
import { chanceFrom } from "./chanceFrom.ts";
import { kindsInTurn } from "./kindsInTurn.ts";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { Answer } from "./askUntilAnswered.ts";
import type { Script } from "../harness/studioClient.ts";
import type { Kind } from "./kindsInTurn.ts";
import type { World } from "./World.ts";

type Ask = (options: { readonly signal: AbortSignal }) => Promise<readonly Asset[]>;

/** How many assets one person has under way at most, so that a storm settles soon after it is over. */
const AT_ONCE = 6;

/** Somebody who creates, looks, cancels, tries again and deletes, with a key for whatever costs something. */
export async function livePerson(world: World, seed: number): Promise<void> {
  const chance = chanceFrom(seed);
  const nextKind = kindsInTurn(chance);
  const client = studioClient(world.studio.url);
  const mine = new Map<AssetId, Asset>();
  let keys = 0;

  while (!world.over) {
    await delay(chance.between(10, 120));
    const live = [...mine.values()].filter(({ liveJob }) => liveJob !== null);
    if (live.length < AT_ONCE && (mine.size === 0 || chance.happens(0.6))) await orderSomething();
    else await lookAtOne(chance.oneOf(live.length > 0 && chance.happens(0.8) ? live : [...mine.values()]));
  }

  async function orderSomething(): Promise<void> {
    const kind = nextKind();
    const [first] = await create(kind, chance.happens(0.15) ? 2 : 1);
    // A video that waits for the picture that has only just been ordered.
    if (first?.type === "image" && chance.happens(0.2))
      await create({ type: "video", script: { queueMs: 0, runMs: 300 } }, 1, [first.id]);
  }

  async function create(
    { type, script }: Kind,
    count: number,
    inputs: readonly AssetId[] = [],
  ): Promise<readonly Asset[]> {
    const request = {
      type,
      prompt: `${type} ${keys} of ${seed}`,
      model: `sim/${type}`,
      params: { script, ...(type === "video" ? { durationMs: 1_000 } : {}) },
      count,
      inputs: [...inputs],
      idempotencyKey: nextKey(),
    };
    const answer = await askOnce("create", async (options) => {
      const { assets } = await client.assets.create.mutate(request, options);
      return assets;
    });
    if (!answer.ok) return [];
    for (const asset of answer.value) {
      world.started.set(asset.id, 1);
      mine.set(asset.id, asset);
    }
    return answer.value;
  }

  async function lookAtOne({ id }: Asset): Promise<void> {
    const answer = await askUntilAnswered(world, "get", (options) => client.assets.get.query({ id }, options));
    if (!answer.ok) return void mine.delete(id);
    const asset = answer.value;
    mine.set(id, asset);
    if (chance.happens(0.05)) return deleteIt(id);
    if (asset.liveJob !== null) {
      if (chance.happens(scriptOf(asset.currentVersion).hang === true ? 0.5 : 0.15)) await cancel(id);
      return;
    }
    if (asset.status === "completed") return chance.happens(0.3) ? startAgain("regenerate", id) : undefined;
    if (asset.lastJob?.recoverable === true) return startAgain("recover", id);
    if (chance.happens(0.4)) await startAgain(chance.oneOf(["retry", "regenerate"]), id);
  }

  async function cancel(id: AssetId): Promise<void> {
    world.wished.add(id);
    await askUntilAnswered(world, "cancel", (options) => client.assets.cancel.mutate({ id }, options));
  }

  /** Asked again it may say that there is no such asset: gone is gone. */
  async function deleteIt(id: AssetId): Promise<void> {
    world.deleted.add(id);
    mine.delete(id);
    await askUntilAnswered(world, "delete", (options) => client.assets.delete.mutate({ id }, options));
  }

  async function startAgain(kind: "retry" | "regenerate" | "recover", id: AssetId): Promise<void> {
    const idempotencyKey = nextKey();
    const { script } = nextKind();
    const answer = await askOnce(kind, async (options) => [
      kind === "regenerate"
        ? await client.assets.regenerate.mutate({ id, idempotencyKey, params: { script } }, options)
        : await client.assets[kind].mutate({ id, idempotencyKey }, options),
    ]);
    if (!answer.ok) return;
    world.started.set(id, (world.started.get(id) ?? 0) + 1);
    for (const asset of answer.value) mine.set(id, asset);
  }

  /** C4: whoever did not see the answer asks again, a kill later perhaps, and is answered the same. */
  async function askOnce(what: string, ask: Ask): Promise<Answer<readonly Asset[]>> {
    const first = await askUntilAnswered(world, what, ask);
    if (!first.ok || !chance.happens(0.25)) return first;
    await delay(chance.between(0, 600));
    const second = await askUntilAnswered(world, what, ask);
    const ids = ({ value }: { readonly value: readonly Asset[] }): string => value.map(({ id }) => id).join(" ");
    if (!second.ok || ids(first) !== ids(second)) {
      const explanation = `Asked again, a ${what} was answered ${second.ok ? ids(second) : second.why}.`;
      world.heard.push({ rule: "C4", subject: ids(first), explanation });
    }
    return first;
  }

  function nextKey(): string {
    keys += 1;
    return `storm-${seed}-${keys}`;
  }
}

export function scriptOf({ params }: Asset["currentVersion"]): Script {
  return params["script"] ?? {};
}
