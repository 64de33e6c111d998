import { ended, order, untilAsset } from "../harness/studioClient.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { StudioClient } from "../harness/studioClient.ts";

/** Brings an asset of the real studio to a state and keeps it there for a while. */
export type Stage = (set: StageSet) => Promise<Asset>;

export interface StageSet {
  readonly client: StudioClient;
  readonly url: string;
  /** A worker's hands are full from here on: what is ordered next waits in line. */
  readonly occupy: () => Promise<void>;
}

/** Long enough to look at it twice, in two languages. */
const HELD_MS = 20_000;
/** A picture that takes seconds to probe and to make small. */
const WIDE = 9_000;
const QUICK = { queueMs: 0, runMs: 50 } as const;
const LATER = { code: "rate_limited", at: "submit", retryable: true, retryAfterMs: HELD_MS } as const;

const PHASES = {
  submitting: { submitMs: HELD_MS },
  at_provider: { queueMs: 0, runMs: HELD_MS },
  fetching: { ...QUICK, fetchMs: HELD_MS },
  storing: { ...QUICK, outputWidth: WIDE },
} as const;

/**
 * One stage for everything that a card can show, by `shownStateKey`. The steps of the model's shortest path to it, as
 * people, the worker and the simulator really take them.
 */
export const STAGES: Readonly<Record<string, Stage>> = {
  "pending, job queued": async ({ client, occupy }) => {
    await occupy();
    return order(client, QUICK);
  },
  "pending, job waiting_inputs": async ({ client }) => {
    const input = await order(client, { queueMs: HELD_MS });
    return order(client, QUICK, { inputs: [input.id] });
  },
  "pending, job backoff": async ({ client }) => {
    const { id } = await order(client, { fail: LATER });
    return untilAsset(client, id, ({ liveJob }) => liveJob?.phase === "backoff");
  },
  "processing, job submitting": processing("submitting"),
  "processing, job at_provider": processing("at_provider"),
  "processing, job fetching": processing("fetching"),
  "processing, job storing": processing("storing"),
  "completed, job none": ({ url }) => upload(url),
  "completed, job completed": ({ client }) => completed(client),
  "failed, job failed": async ({ client }) => {
    const input = await order(client, { queueMs: HELD_MS });
    const { id } = await order(client, QUICK, { inputs: [input.id] });
    await client.assets.cancel.mutate({ id: input.id });
    return untilAsset(client, id, ended);
  },
  "cancelled, job cancelled": async ({ client, occupy }) => {
    await occupy();
    const { id } = await order(client, QUICK);
    return client.assets.cancel.mutate({ id });
  },
  "completed, job queued": async ({ client, occupy }) => {
    const { id } = await completed(client);
    await occupy();
    return client.assets.regenerate.mutate({ id });
  },
  "completed, job backoff": async ({ client }) => {
    const { id } = await completed(client);
    await client.assets.regenerate.mutate({ id, params: { script: { fail: LATER } } });
    return untilAsset(client, id, ({ liveJob }) => liveJob?.phase === "backoff");
  },
  "completed, job failed": async ({ client }) => {
    const { id } = await completed(client);
    await client.assets.regenerate.mutate({
      id,
      params: { script: { fail: { code: "invalid_input", at: "submit" } } },
    });
    return untilAsset(client, id, ended);
  },
  "completed, job cancelled": async ({ client, occupy }) => {
    const { id } = await completed(client);
    await occupy();
    await client.assets.regenerate.mutate({ id });
    return client.assets.cancel.mutate({ id });
  },
  "completed, job submitting": remaking("submitting"),
  "completed, job at_provider": remaking("at_provider"),
  "completed, job fetching": remaking("fetching"),
  "completed, job storing": remaking("storing"),
};

function processing(phase: keyof typeof PHASES): Stage {
  return async ({ client }) => {
    const { id } = await order(client, PHASES[phase]);
    return untilAsset(client, id, ({ liveJob }) => liveJob?.phase === phase);
  };
}

function remaking(phase: keyof typeof PHASES): Stage {
  return async ({ client }) => {
    const { id } = await completed(client);
    await client.assets.regenerate.mutate({ id, params: { script: PHASES[phase] } });
    return untilAsset(client, id, ({ liveJob }) => liveJob?.phase === phase);
  };
}

async function completed(client: StudioClient): Promise<Asset> {
  const { id } = await order(client, QUICK);
  return untilAsset(client, id, ended);
}

/** One grey pixel. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

async function upload(url: string): Promise<Asset> {
  const reply = await fetch(`${url}/uploads?name=${encodeURIComponent("My picture")}`, {
    method: "POST",
    headers: { "content-type": "image/png" },
    body: Buffer.from(PIXEL, "base64"),
  });
  const { asset } = (await reply.json()) as { readonly asset?: Asset };
  if (asset === undefined) throw new Error(`the upload was answered with ${reply.status}`);
  return asset;
}
