import { createTRPCClient, httpBatchLink } from "@trpc/client";
import type { AppRouter } from "@reelstate/api/router";
import type { Asset } from "@reelstate/lifecycle";
import type { TRPCClient } from "@trpc/client";

export type StudioClient = TRPCClient<AppRouter>;

/** What other programs use: the same API as the page's. */
export function studioClient(url: string): StudioClient {
  return createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${url}/trpc` })] });
}

/** `params.script` of the simulator's models; see apps/server/src/providers/simulator/script.ts. */
export interface Script {
  readonly queueMs?: number;
  readonly runMs?: number;
  readonly progress?: "measured" | "none";
  readonly fail?: {
    readonly code: string;
    readonly at: "submit" | "fetch" | "store" | number;
    readonly retryable?: boolean;
    readonly times?: number;
    readonly retryAfterMs?: number;
  };
  readonly hang?: boolean;
  readonly cancel?: "ok" | "late" | "unsupported";
  readonly lookup?: boolean;
  readonly idempotent?: boolean;
  readonly dropAnswer?: boolean;
  readonly outputBytes?: number;
  readonly submitMs?: number;
  readonly fetchMs?: number;
  readonly outputWidth?: number;
}

/** One simulated asset, as someone else than the page would order it. */
export async function order(
  client: StudioClient,
  script: Script,
  more: { readonly type?: "image" | "video"; readonly prompt?: string; readonly inputs?: readonly string[] } = {},
): Promise<Asset> {
  const type = more.type ?? "image";
  const { assets } = await client.assets.create.mutate({
    type,
    prompt: more.prompt ?? "A lighthouse in fog",
    model: `sim/${type}`,
    params: { script, ...(type === "video" ? { durationMs: 2_000 } : {}) },
    ...(more.inputs === undefined ? {} : { inputs: [...more.inputs] as Asset["id"][] }),
  });
  const [asset] = assets;
  if (asset === undefined) throw new Error("one asset was ordered, none came");
  return asset;
}

/** Asks until the asset is as wanted: what a test may do and a page may not (U5). */
export async function untilAsset(
  client: StudioClient,
  id: Asset["id"],
  wanted: (asset: Asset) => boolean,
  patienceMs = 20_000,
): Promise<Asset> {
  const deadline = Date.now() + patienceMs;
  let last: Asset | null = null;
  while (Date.now() < deadline) {
    last = await client.assets.get.query({ id }).catch(() => null);
    if (last !== null && wanted(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  throw new Error(`the asset did not become as wanted; it is ${JSON.stringify(last)}`);
}

export function ended(asset: Asset): boolean {
  return asset.liveJob === null;
}
