import { expect, it } from "vitest";
import { openCluster } from "./openCluster.ts";
import type { Asset } from "@reelstate/lifecycle";

const patience = { timeout: 60_000, interval: 50 };

it("makes what is asked for through the proxy, whichever of its processes answers, and serves it to the byte", async () => {
  await using cluster = await openCluster();
  const call = async <T>(path: string, body?: unknown): Promise<T> => {
    const post = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await fetch(`${cluster.url}/trpc/${path}`, body === undefined ? {} : post);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return ((await answer.json()) as { readonly result: { readonly data: T } }).result.data;
  };
  const create = async (): Promise<string> => {
    const params = { script: { queueMs: 0, runMs: 300 } };
    const made = await call<{ assets: Asset[] }>("assets.create", {
      type: "image",
      prompt: "fog",
      model: "sim/image",
      params,
    });
    return made.assets[0]?.id ?? "";
  };
  const get = (id: string): Promise<Asset> => call(`assets.get?input=${encodeURIComponent(JSON.stringify({ id }))}`);

  const ids = [await create(), await create(), await create()];
  for (const id of ids) await expect.poll(async () => (await get(id)).status, patience).toBe("completed");
  const asset = await get(ids[0] ?? "");
  expect(asset.lastJob).toMatchObject({ charged: 6 });
  const media = await fetch(`${cluster.url}${asset.currentVersion.media?.url ?? ""}`);
  expect((await media.arrayBuffer()).byteLength).toBe(asset.currentVersion.media?.bytes);
}, 180_000);

it("one process that could not be started left those behind that were still starting", async () => {
  const processes = (): number => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
  const before = processes();
  const opening = openCluster({
    apis: 1,
    workers: 1,
    envOf: async ({ name }) => {
      if (name === "worker 1") throw new Error("there is no room for it");
      return {};
    },
  });
  await expect(opening).rejects.toThrow("there is no room for it");
  expect(processes()).toBe(before);
}, 180_000);
