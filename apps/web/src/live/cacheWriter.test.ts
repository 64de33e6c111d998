import { InfiniteQueryObserver, QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { createCacheWriter } from "./cacheWriter.ts";
import { modelStudio } from "./testing/modelStudio.ts";
import { projects } from "./testing/studioSteps.ts";
import type { AssetPageAnswer, CreditsAnswer, LiveItem } from "@reelstate/api";

it("[E3] [E5] an answer that was on its way while all that was known became void is not shown", () => {
  const writer = createCacheWriter(new QueryClient(), { after: () => () => {} });
  const asset = modelStudio().create("image", projects[0]);
  writer.apply([{ kind: "head", seq: 1, feedId: "before" }]);
  const late = writer.asking();
  writer.apply([{ kind: "head", seq: 5, feedId: "after a restart" }]);
  late.applyAssets([asset]);
  expect(writer.knowledge.get().assets.size).toBe(0);
  writer.asking().applyAssets([asset]);
  expect(writer.knowledge.get().assets.get(asset.id)?.asset).toBe(asset);
  late.removeAsset(asset.id);
  expect(writer.knowledge.get().assets.size).toBe(1);
  writer.asking().removeAsset(asset.id);
  expect(writer.knowledge.get().assets.size).toBe(0);
});

it("[E3] [E5] a first question asked before all became void is asked anew, so that its late answer is never drawn and then taken back", async () => {
  const queryClient = new QueryClient();
  const writer = createCacheWriter(queryClient, { after: () => () => {} });
  const asset = modelStudio().create("image", projects[0]);
  const answers: ((page: AssetPageAnswer) => void)[] = [];
  const list = new InfiniteQueryObserver(queryClient, {
    queryKey: [["assets", "list"], { input: {}, type: "infinite" }],
    queryFn: () => new Promise<AssetPageAnswer>((resolve) => answers.push(resolve)),
    initialPageParam: null,
    getNextPageParam: () => null,
  });
  const drawn: number[] = [];
  list.subscribe(({ data }) =>
    drawn.push(...(data?.pages.flatMap(({ items }) => items) ?? []).map((one) => one.rowVersion)),
  );
  const page = (rowVersion: number, seq: number): AssetPageAnswer => ({
    items: [{ ...asset, rowVersion }],
    nextCursor: null,
    seq,
    feedId: "after two restarts",
  });
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  writer.apply([{ kind: "head", seq: 1, feedId: "before" }]);
  writer.apply([{ kind: "head", seq: 5, feedId: "after a restart" }]);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[0]?.(page(2, 9));
  await new Promise((resolve) => setTimeout(resolve));
  writer.asking().applyAssets([{ ...asset, rowVersion: 1 }]);
  answers[1]?.(page(3, 10));
  await vi.waitFor(() => expect(drawn).toContain(3));
  expect(drawn).toStrictEqual(drawn.toSorted((a, b) => a - b));
  expect(drawn).not.toContain(2);
});

it("[E5] credits heard beyond a gap before the question was asked do not come back over its answer", async () => {
  const queryClient = new QueryClient();
  const writer = createCacheWriter(queryClient, { after: () => () => {} });
  const asset = modelStudio().create("image", projects[0]);
  const credits = (balance: number, held: number) => ({ balance, held }) as CreditsAnswer;
  const heard: LiveItem = {
    kind: "transition",
    seq: 22,
    prev: 21,
    at: asset.createdAt,
    event: "create",
    from: null,
    to: "pending",
    asset,
    credits: credits(400, 3),
  };
  // The events between are lost on the way.
  writer.apply([{ kind: "head", seq: 12, feedId: "feed" }, heard]);
  const answers: ((answer: CreditsAnswer) => void)[] = [];
  const summary = new QueryObserver<CreditsAnswer>(queryClient, {
    queryKey: [["credits", "summary"], { type: "query" }],
    queryFn: () => new Promise((resolve) => answers.push(resolve)),
  });
  summary.subscribe(() => {});
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  answers[0]?.(credits(397, 0));
  await vi.waitFor(() => expect(summary.getCurrentResult().data).toBeDefined());
  expect(summary.getCurrentResult().data).toEqual(credits(397, 0));
  // What is heard after the question is newer than its answer.
  void summary.refetch();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  writer.apply([{ ...heard, seq: 23, prev: 22, credits: credits(390, 7) }]);
  answers[1]?.(credits(397, 0));
  await vi.waitFor(() => expect(summary.getCurrentResult().fetchStatus).toBe("idle"));
  expect(summary.getCurrentResult().data).toEqual(credits(390, 7));
});
