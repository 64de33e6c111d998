import { setTimeout as wait } from "node:timers/promises";
import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { from, HEAD, listen } from "../testing/listen.ts";
import { openTestStudio, WORKSPACE } from "../testing/openTestStudio.ts";
import { turnedByHand } from "../testing/turnedByHand.ts";
import { realTimers } from "../Timers.ts";
import { openFeed } from "./openFeed.ts";
import type { LiveItem } from "@reelstate/api";

const caller = { workspaceId: WORKSPACE };

const ended = (item: LiveItem): boolean => item.kind === "transition" && item.to === "completed";

describe("the feed", () => {
  it("[E2] begins with the head, then tells every later event once, in order, each with the seq before it", async () => {
    await using studio = await openTestStudio();
    const before = await studio.create();
    await using listener = listen(studio.ports.feed, from(0));
    await listener.heard("transition");
    studio.startWorker();
    const after = await studio.create();
    await studio.ended(before.id);
    await studio.ended(after.id);
    const told = await listener.heard("transition", 6);
    const { seq, feedId } = await studio.store.feedHead({ workspaceId: WORKSPACE });
    expect(listener.items[0]).toEqual({ kind: "head", seq: 1, feedId });
    expect(told.map((item) => item.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(told.map((item) => item.prev)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(seq).toBe(6);
    expect(told.filter(ended).map((item) => item.asset.status)).toEqual(["completed", "completed"]);
    expect(told.at(-1)?.credits).toEqual({ balance: 988, held: 0 });
  });

  it("[E2] starts at the head when it is given no position", async () => {
    await using studio = await openTestStudio();
    await studio.create();
    await using listener = listen(studio.ports.feed, HEAD);
    await listener.heard("head");
    await studio.create();
    const told = await listener.heard("transition");
    expect(told.map(({ seq, prev }) => ({ seq, prev }))).toEqual([{ seq: 2, prev: 1 }]);
  });

  it("[E2] catches up before it follows: what came before the listener is told before what comes after", async () => {
    await using studio = await openTestStudio();
    for (let count = 0; count < 3; count += 1) await studio.create();
    await using listener = listen(studio.ports.feed, from(1));
    await listener.heard("head");
    await studio.create();
    expect(await listener.first("transition", "reset")).toMatchObject({ kind: "transition", prev: 1, seq: 2 });
    expect((await listener.heard("transition", 3)).map(({ prev, seq }) => [prev, seq])).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });

  it("[E2] tells more events than a page holds without a gap", async () => {
    await using studio = await openTestStudio({ grant: 100_000 });
    for (let round = 0; round < 60; round += 1) {
      const input = { type: "image" as const, prompt: "fog", model: "sim/image", count: 8 };
      await studio.api.assets.create(input);
    }
    await using listener = listen(studio.ports.feed, from(0));
    const told = await listener.heard("transition", 480);
    expect(told.map(({ seq, prev }) => seq - prev)).toEqual(Array(480).fill(1));
    expect(told.at(-1)?.seq).toBe(480);
  });

  it("[E2] tells a removed asset as removed, with its seq", async () => {
    await using studio = await openTestStudio();
    const { id } = await studio.create();
    await using listener = listen(studio.ports.feed, HEAD);
    await listener.heard("head");
    await studio.api.assets.delete({ id });
    const [removed] = await listener.heard("removed");
    expect(removed).toEqual({ kind: "removed", seq: 2, prev: 1, assetId: id });
  });

  it("[E2] says the head again every five seconds, so that a lost last event is noticed", async () => {
    await using studio = await openTestStudio();
    const turning = turnedByHand(studio.store);
    await using listener = listen(openFeed(turning), HEAD);
    await listener.heard("head");
    const heads = () => listener.items.flatMap((item) => (item.kind === "head" ? [item.seq] : []));
    turning.pass(4_999);
    await turning.turn();
    expect(heads()).toEqual([0]);
    turning.pass(1);
    await turning.turn();
    expect(heads()).toEqual([0, 0]);
    await turning.turn();
    expect(heads()).toEqual([0, 0]);
  });

  it("[E2] says no head that lies behind what it has told: an event that came while it read on once made the pages suspect an older studio", async () => {
    await using studio = await openTestStudio();
    const hand = turnedByHand(studio.store);
    let once = false;
    const store: typeof studio.store = {
      ...hand.store,
      feedMarks: async (request) => {
        const found = await hand.store.feedMarks(request);
        if (once || (found.marks[0]?.seq ?? 0) === 0) return found;
        once = true;
        // A head is due, and before the events are read there is one more of them.
        hand.pass(5_000);
        await studio.create();
        return found;
      },
    };
    await using listener = listen(openFeed({ ...hand, store }), HEAD);
    await listener.heard("head");
    await studio.create();
    const [, head] = await listener.heard("head", 2);
    const told = await listener.heard("transition", 2);
    expect(told.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(head?.seq).toBe(2);
  });

  it("[E2] says no head that lies behind what it has told: to one that reads slowly it was the one of seconds ago", async () => {
    await using studio = await openTestStudio();
    const hand = turnedByHand(studio.store);
    const stop = new AbortController();
    const slow = openFeed(hand).live(caller, HEAD, stop.signal)[Symbol.asyncIterator]();
    const heard: LiveItem[] = [];
    const next = async (kind: LiveItem["kind"]): Promise<void> => {
      for await (const item of { [Symbol.asyncIterator]: () => ({ next: () => slow.next() }) }) {
        heard.push(item);
        if (item.kind === kind) return;
      }
    };
    await next("head");
    hand.pass(5_000);
    await Promise.all([next("head"), hand.turn()]);
    // It reads no further for a while, in which the head is said, and then something happens.
    await studio.create();
    hand.pass(5_000);
    await hand.turn();
    await studio.create();
    await hand.turn();
    await next("head");
    const told = heard.flatMap((item) => (item.kind === "transition" || item.kind === "head" ? [item.seq] : []));
    expect(told).toEqual([0, 0, 1, 2, 2]);
    stop.abort();
    await slow.return?.();
  });

  it("[E2] finds what happened although every wake was lost", async () => {
    await using studio = await openTestStudio();
    const deaf = { ...studio.store, onWake: () => () => {} };
    await using listener = listen(openFeed({ store: deaf, ...realTimers }), HEAD);
    await listener.heard("head");
    await studio.create();
    expect(await listener.heard("transition")).toHaveLength(1);
  });

  it("[E3] resumes from the last seq that was heard, in this database and in its next opening", async () => {
    await using studio = await openTestStudio();
    const { feedId } = await studio.store.feedHead({ workspaceId: WORKSPACE });
    for (let count = 0; count < 3; count += 1) await studio.create();
    for (const position of [from(1), from(1, feedId)]) {
      await using listener = listen(studio.ports.feed, position);
      expect((await listener.heard("transition", 2)).map(({ seq, prev }) => [prev, seq])).toEqual([
        [1, 2],
        [2, 3],
      ]);
    }
    await studio.close();
    await using next = await openTestStudio({ folder: studio.folder });
    await using listener = listen(next.ports.feed, from(1, feedId));
    expect((await listener.heard("transition", 2)).map(({ seq }) => seq)).toEqual([2, 3]);
    expect(listener.items.some(({ kind }) => kind === "reset")).toBe(false);
  });

  it("[E3] a head of another database is reset once, not for ever", async () => {
    await using studio = await openTestStudio();
    await studio.create();
    const { seq } = await studio.store.feedHead({ workspaceId: WORKSPACE });
    await using listener = listen(studio.ports.feed, from(seq, "another-database"));
    await listener.heard("reset");
    await wait(300);
    expect(listener.items.filter(({ kind }) => kind === "reset")).toEqual([{ kind: "reset", seq }]);
  });

  it("[E3] says the reset of a position that is gone before anything that comes after it", async () => {
    await using studio = await openTestStudio();
    await studio.create();
    await using listener = listen(studio.ports.feed, from(99));
    await listener.heard("head");
    await studio.create();
    expect(await listener.first("transition", "reset")).toMatchObject({ kind: "reset" });
  });

  it("[E3] resets a position that lies ahead, was pruned, or belongs to another database, and goes on from the head", async () => {
    await using studio = await openTestStudio();
    for (let count = 0; count < 3; count += 1) await studio.create();
    const kept = durationMs(86_400_000);
    await wait(5);
    const policy = { jobsOlderThanMs: kept, keysOlderThanMs: kept, binOlderThanMs: kept, limit: 1_000 };
    await studio.store.prune({ eventsOlderThanMs: durationMs(0), ...policy });
    await studio.create();
    for (const position of [from(99), from(1), from(3, "another-database")]) {
      await using listener = listen(studio.ports.feed, position);
      const [reset] = await listener.heard("reset");
      const { seq } = await studio.store.feedHead({ workspaceId: WORKSPACE });
      expect(reset).toEqual({ kind: "reset", seq });
      await studio.create();
      const [next] = await listener.heard("transition");
      expect(next).toMatchObject({ prev: seq, seq: seq + 1 });
      expect(listener.items.filter(({ kind }) => kind === "reset")).toHaveLength(1);
    }
  });

  it("arms the wake before it reads: what is committed while it reads is told at once", async () => {
    await using studio = await openTestStudio();
    let created = 0;
    const store = {
      ...studio.store,
      liveProgress: async (request: { readonly workspaceId: typeof WORKSPACE }) => {
        // After the page was read, before the feed goes to sleep.
        if ((created += 1) === 1) await studio.create();
        return studio.store.liveProgress(request);
      },
    };
    const startedAt = Date.now();
    await using listener = listen(openFeed({ store, ...realTimers }), HEAD);
    await listener.heard("transition");
    expect(Date.now() - startedAt).toBeLessThan(700);
  });
});
