import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { HEAD, listen } from "../testing/listen.ts";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { turnedByHand } from "../testing/turnedByHand.ts";
import { realTimers } from "../Timers.ts";
import { openFeed } from "./openFeed.ts";

describe("the latest values", () => {
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
    const turning = turnedByHand(studio.store);
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
});
