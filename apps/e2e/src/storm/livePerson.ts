import { setTimeout as delay } from "node:timers/promises";
import { studioClient } from "../harness/studioClient.ts";
import { askUntilAnswered } from "./askUntilAnswered.ts";
import { chanceFrom } from "./chanceFrom.ts";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { Answer } from "./askUntilAnswered.ts";
import type { Kind } from "./Trade.ts";
import type { World } from "./World.ts";

type Ask = (options: { readonly signal: AbortSignal }) => Promise<readonly Asset[]>;

/** How many assets one person has under way at most, so that a storm settles soon after it is over. */
const AT_ONCE = 6;

/** Somebody who creates, looks, cancels, tries again and deletes, with a key for whatever costs something. */
export async function livePerson(world: World, seed: number): Promise<void> {
  const chance = chanceFrom(seed);
  const { trade } = world;
  const nextKind = trade.kindsInTurn(chance);
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
    const [first] = await create(kind, chance.happens(0.15) ? trade.atOnce : 1);
    if (first?.type === "image" && trade.follower !== null && chance.happens(0.2))
      await create(trade.follower, 1, [first.id]);
  }

  async function create(kind: Kind, count: number, inputs: readonly AssetId[] = []): Promise<readonly Asset[]> {
    const { type, model, params } = kind;
    const idempotencyKey = nextKey();
    const request = {
      type,
      prompt: promptOf(kind),
      model,
      params,
      count,
      inputs: [...inputs],
      idempotencyKey,
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
      if (chance.happens(trade.hangs(asset.currentVersion) ? 0.5 : 0.15)) await cancel(id);
      return;
    }
    if (asset.status === "completed") return chance.happens(0.3) ? startAgain("regenerate", id) : undefined;
    if (asset.lastJob?.recoverable === true) return startAgain("recover", id);
    if (chance.happens(0.4)) await startAgain(chance.oneOf(trade.again), id);
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
    const next = nextKind();
    const change = trade.change(next, promptOf(next));
    const answer = await askOnce(kind, async (options) => [
      kind === "regenerate"
        ? await client.assets.regenerate.mutate({ id, idempotencyKey, ...change }, options)
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

  /** With each key another. */
  function promptOf({ type, words = "" }: Kind): string {
    return `${type} ${keys} of ${seed} ${words}`.trim();
  }

  function nextKey(): string {
    keys += 1;
    return `storm-${seed}-${keys}`;
  }
}
