import { setTimeout as wait } from "node:timers/promises";
import { credits, durationMs } from "@reelstate/lifecycle";
import { describe, expect, it, vi } from "vitest";
import { openTestStudio, WORKSPACE } from "../testing/openTestStudio.ts";
import { realTimers } from "../Timers.ts";
import { createWakeUp } from "./createWakeUp.ts";
import { openFeed } from "./openFeed.ts";
import type { FeedPosition, LiveItem } from "@reelstate/api";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { TestStudio } from "../testing/openTestStudio.ts";

const caller = { workspaceId: WORKSPACE };
const HEAD: FeedPosition = { after: null, feedId: null };
const from = (after: number, feedId: string | null = null): FeedPosition => ({ after, feedId });

/** Listens to a studio's feed; what it heard is in `items`. Stops when disposed of. */
function listen(feed: TestStudio["ports"]["feed"], position: FeedPosition) {
  const stop = new AbortController();
  const items: LiveItem[] = [];
  const done = (async () => {
    for await (const item of feed.live(caller, position, stop.signal)) items.push(item);
  })();
  return {
    items,
    done,
    stop: () => stop.abort(),
    /** Waits until the feed has said `count` items of a kind. */
    heard: async <K extends LiveItem["kind"]>(kind: K, count = 1) => {
      const found = () => items.filter((item): item is Extract<LiveItem, { kind: K }> => item.kind === kind);
      for (const end = Date.now() + 15_000; found().length < count; await wait(5)) {
        if (Date.now() > end) throw new Error(`Heard only ${JSON.stringify(items.map((item) => item.kind))}`);
      }
      return found();
    },
    /** Waits for the first item of any of these kinds. */
    first: async (...kinds: readonly LiveItem["kind"][]) => {
      const found = () => items.find(({ kind }) => kinds.includes(kind));
      for (const end = Date.now() + 15_000; found() === undefined && Date.now() < end;) await wait(5);
      return found();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };
}

/** A feed's store with a clock that stands still, and a hand that turns its loop. */
function turned(real: TestStudio["store"]) {
  let now = 1_000;
  let reads = 0;
  const turns = (): number => reads;
  let ring = (): void => {};
  const store: typeof real = {
    ...real,
    feedMarks: (request) => {
      reads += 1;
      return real.feedMarks(request);
    },
    onWake: (listener) => {
      ring = () => listener({ feed: true, work: false });
      return real.onWake(listener);
    },
  };
  return {
    ...realTimers,
    store,
    monotonic: () => now,
    pass: (ms: number) => void (now += ms),
    /** Comes back when the loop has gone round once from now on, with all that it had to tell. */
    turn: async () => {
      for (let round = 0; round < 2; round += 1) {
        const before = turns();
        ring();
        while (turns() === before) await wait(5);
      }
    },
  };
}

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
    const turning = turned(studio.store);
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
    const hand = turned(studio.store);
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
    const hand = turned(studio.store);
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

  it("[E4] tells progress as a latest value, and only when it has changed", async () => {
    await using studio = await openTestStudio();
    await using listener = listen(studio.ports.feed, HEAD);
    await listener.heard("head");
    studio.startWorker();
    const asset = await studio.ended((await studio.create({ runMs: 1_000 })).id);
    await wait(150);
    const told = await listener.heard("progress", 3);
    const values = told.map(({ assetId, attempt, phase, progress }) =>
      JSON.stringify([assetId, attempt, phase, progress]),
    );
    expect(new Set(values).size).toBe(values.length);
    const fractions = told.map(({ progress }) => progress.fraction ?? 0);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(told.every(({ assetId }) => assetId === asset.id)).toBe(true);
  });

  it("[E4] says nothing of work that is no further, however much else happens", async () => {
    await using studio = await openTestStudio();
    studio.startWorker({ concurrency: 1 });
    const { id } = await studio.create({ hang: true });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await using listener = listen(studio.ports.feed, HEAD);
    await listener.heard("progress");
    for (let count = 0; count < 4; count += 1) {
      await studio.create();
      await wait(120);
    }
    await listener.heard("transition", 4);
    expect(await listener.heard("progress")).toHaveLength(1);
  });

  it("[E4] tells latest values again with each head, so that a lost one is not wrong for a whole run", async () => {
    await using studio = await openTestStudio();
    studio.startWorker({ concurrency: 1 });
    const { id } = await studio.create({ hang: true });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await studio.create();
    const turning = turned(studio.store);
    await using listener = listen(openFeed(turning), HEAD);
    const [progress] = await listener.heard("progress");
    const [line] = await listener.heard("queue");
    expect(line).toMatchObject({ waiting: 1 });
    const values = () => listener.items.filter(({ kind }) => kind === "progress" || kind === "queue");
    turning.pass(2_000);
    await turning.turn();
    expect(values()).toEqual([progress, line]);
    turning.pass(3_000);
    await turning.turn();
    turning.pass(1_000);
    await turning.turn();
    expect(values()).toEqual([progress, line, progress, line]);
  });

  it("[E4] tells the line before the workers at most once a second, and its last state in any case", async () => {
    await using studio = await openTestStudio();
    await using listener = listen(studio.ports.feed, HEAD);
    await listener.heard("head");
    await listener.heard("queue");
    const startedAt = Date.now();
    const made = [];
    for (let count = 0; count < 10; count += 1) {
      made.push((await studio.create()).id);
      await wait(30);
    }
    const told = await listener.heard("queue", 2);
    expect(Date.now() - startedAt).toBeGreaterThan(800);
    expect(told).toEqual([
      { kind: "queue", waiting: 0, first: null, line: [] },
      {
        kind: "queue",
        waiting: 10,
        first: made[0],
        line: made.map((assetId, index) => ({ assetId, place: index + 1, startsIn: null })),
      },
    ]);
    await wait(1_100);
    expect(await listener.heard("queue", 2)).toHaveLength(2);
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

  it("[E4] tells of trouble when it begins and when it is over", async () => {
    await using studio = await openTestStudio();
    let trouble: "disk_full" | null = null;
    const feed = openFeed({ ...realTimers, store: studio.store, trouble: () => trouble });
    await using listener = listen(feed, HEAD);
    await listener.heard("trouble");
    trouble = "disk_full";
    await listener.heard("trouble", 2);
    trouble = null;
    const told = await listener.heard("trouble", 3);
    // It is told again with each head.
    expect(new Set(told.map((item) => item.trouble))).toEqual(new Set([null, "disk_full"]));
    expect(told.at(-1)?.trouble).toBeNull();
  });

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
    const turning = turned(store);
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

describe("a wake-up", () => {
  it("is heard when it comes between arming and waiting", async () => {
    let ring = (): void => {};
    const wake = createWakeUp(
      realTimers,
      (woken) => {
        ring = woken;
        return () => {};
      },
      new AbortController().signal,
    );
    wake.arm();
    ring();
    const at = Date.now();
    await wake.wait(5_000);
    expect(Date.now() - at).toBeLessThan(500);
    wake.arm();
    const again = Date.now();
    await wake.wait(60);
    expect(Date.now() - again).toBeGreaterThanOrEqual(50);
    wake.close();
  });
});
