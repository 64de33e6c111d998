import { setTimeout as wait } from "node:timers/promises";
import { credits } from "@reelstate/lifecycle";
import { describe, expect, it, vi } from "vitest";
import { from, HEAD, listen } from "../testing/listen.ts";
import { openTestStudio, WORKSPACE } from "../testing/openTestStudio.ts";
import { turnedByHand } from "../testing/turnedByHand.ts";
import { realTimers } from "../Timers.ts";
import { openFeed } from "./openFeed.ts";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";

const caller = { workspaceId: WORKSPACE };

describe("the tail of a workspace's feed, which all who listen share", () => {
  it("[E2] keeps nothing for a subscriber that stalls but its place, and catches up when it reads again", async () => {
    await using studio = await openTestStudio({ grant: 100_000 });
    const stop = new AbortController();
    const { live } = openFeed({ store: studio.store, ...realTimers });
    const stalled = live(caller, from(0), stop.signal)[Symbol.asyncIterator]();
    expect((await stalled.next()).value).toMatchObject({ kind: "head" });
    await studio.create();
    expect((await stalled.next()).value).toMatchObject({ kind: "transition", seq: 1 });
    // More than is remembered for everybody.
    for (let round = 0; round < 75; round += 1) {
      await studio.api.assets.create({ type: "image", prompt: "fog", model: "sim/image", count: 8 });
    }
    await using quick = listen({ live }, HEAD);
    await quick.heard("head");
    const steps: (readonly [number, number])[] = [];
    while (steps.at(-1)?.[1] !== 601) {
      const { value } = await stalled.next();
      if (value?.kind === "transition") steps.push([value.prev, value.seq]);
    }
    expect(steps).toEqual(Array.from({ length: 600 }, (_, index) => [index + 1, index + 2]));
    stop.abort();
    await stalled.return?.();
  });

  it("reads what happened once for all who listen, and writes it once", async () => {
    await using studio = await openTestStudio();
    let reads = 0;
    const store = {
      ...studio.store,
      readFeed: (request: Parameters<typeof studio.store.readFeed>[0]) => {
        reads += 1;
        return studio.store.readFeed(request);
      },
    };
    const stop = new AbortController();
    const { frames } = openFeed({ store, ...realTimers });
    const heard: string[][] = [];
    const listeners = Array.from({ length: 20 }, async (_, index) => {
      const texts: string[] = [];
      heard[index] = texts;
      for await (const group of frames(caller, HEAD, stop.signal))
        for (const { item, text } of group) if (item.kind === "transition") texts.push(text());
    });
    await vi.waitFor(() => expect(reads).toBe(20), 15_000);
    await wait(50);
    const before = reads;
    const stringify = vi.spyOn(JSON, "stringify");
    await studio.create();
    while (heard.some((texts) => texts.length < 1)) await wait(5);
    const written = stringify.mock.results.filter(({ value }) => value === heard[0]?.[0]);
    stringify.mockRestore();
    expect(reads - before).toBeLessThan(5);
    expect(written).toHaveLength(1);
    stop.abort();
    await Promise.all(listeners);
  });

  it("[E2] what happens in one workspace sends those who watch others to no more than one look that they share", async () => {
    await using studio = await openTestStudio();
    const others = Array.from({ length: 30 }, (_, n) => `other-${n}` as WorkspaceId);
    for (const workspaceId of others) {
      const project = { id: `project of ${workspaceId}` as ProjectId, name: "P" };
      await studio.store.ensureWorkspace({ workspaceId, name: workspaceId, project, grant: credits(0) });
    }
    const reads: string[] = [];
    const counted = <R extends { readonly workspaceId: WorkspaceId }, A>(read: (request: R) => A) => {
      return (request: R): A => {
        reads.push(request.workspaceId);
        return read(request);
      };
    };
    let looks = 0;
    const store = {
      ...studio.store,
      readFeed: counted(studio.store.readFeed),
      liveProgress: counted(studio.store.liveProgress),
      feedMarks: (request: Parameters<typeof studio.store.feedMarks>[0]) => {
        looks += 1;
        return studio.store.feedMarks(request);
      },
    };
    const turning = turnedByHand(store);
    const { live } = openFeed(turning);
    const stop = new AbortController();
    const heard = new Set<string>();
    const listeners = [WORKSPACE, ...others].map(async (workspaceId) => {
      for await (const { kind } of live({ workspaceId }, HEAD, stop.signal)) heard.add(`${workspaceId} ${kind}`);
    });
    await vi.waitFor(() => {
      for (const id of [WORKSPACE, ...others]) expect(heard).toContain(`${id} queue`);
    }, 15_000);
    reads.length = looks = 0;
    await studio.create();
    await vi.waitFor(() => expect(heard).toContain(`${WORKSPACE} transition`), 15_000);
    expect(new Set(reads)).toEqual(new Set([WORKSPACE]));
    expect(looks).toBeLessThan(others.length);
    stop.abort();
    await Promise.all(listeners);
  });

  it("tells its listeners when it cannot read on, and whoever comes back is served", async () => {
    await using studio = await openTestStudio();
    let broken = false;
    const store = {
      ...studio.store,
      readFeed: (request: Parameters<typeof studio.store.readFeed>[0]) =>
        broken ? Promise.reject(new Error("the disk is gone")) : studio.store.readFeed(request),
    };
    const feed = openFeed({ store, ...realTimers });
    const listeners = [listen(feed, HEAD), listen(feed, HEAD)];
    for (const { heard } of listeners) await heard("queue");
    broken = true;
    await studio.create();
    for (const { done } of listeners) await expect(done).rejects.toThrow("the disk is gone");
    broken = false;
    await using again = listen(feed, from(0));
    expect(await again.heard("transition")).toHaveLength(1);
    await studio.create();
    expect(await again.heard("transition", 2)).toHaveLength(2);
  });

  it("ends when it is told to, in the middle of waiting, and takes its listener away", async () => {
    await using studio = await openTestStudio();
    let listening = 0;
    const store = {
      ...studio.store,
      onWake: (listener: Parameters<typeof studio.store.onWake>[0]) => {
        listening += 1;
        const stop = studio.store.onWake(listener);
        return () => {
          listening -= 1;
          stop();
        };
      },
    };
    const listener = listen(openFeed({ store, ...realTimers }), HEAD);
    await listener.heard("head");
    expect(listening).toBe(1);
    const at = Date.now();
    listener.stop();
    await listener.done;
    expect(Date.now() - at).toBeLessThan(200);
    expect(listening).toBe(0);
  });
});
