import { durationMs } from "@reelstate/lifecycle";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { furthest, hear, jumpTo, JUST_NOW, knowNothing, learnAssets, learnPage, removeAsset } from "./knowledge.ts";
import { reconcileList } from "./reconcileList.ts";
import { modelStudio } from "./testing/modelStudio.ts";
import { FILTERS, projects, studioStep, take } from "./testing/studioSteps.ts";
import type { AssetPageAnswer, LiveItem } from "@reelstate/api";
import type { Knowledge } from "./knowledge.ts";
import type { ModelStudio } from "./testing/modelStudio.ts";

/** What the network does to the next item of the feed. */
const fate = fc.constantFrom("arrive", "arrive", "drop", "twice", "late");
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("studio" as const), step: studioStep, fate, answered: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("ask" as const), filter: fc.nat(FILTERS.length - 1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("answer" as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stragglers" as const), reverse: fc.boolean() }) },
);

/** Short runs find little; fast-check prefers them unless told. */
const many = <T>(each: fc.Arbitrary<T>, maxLength: number) => fc.array(each, { maxLength, size: "max" });

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Asked {
  readonly filter: number;
  readonly page: AssetPageAnswer;
}

/** Plays a subscription from the first list, with the network's faults, until the studio says nothing new. */
function play(studio: ModelStudio, steps: readonly Step[]): { known: Knowledge; answers: Asked[] } {
  let known = learnPage(knowNothing(), studio.list({}));
  const answers: Asked[] = [{ filter: 0, page: studio.list({}) }];
  const asked: Asked[] = [];
  let late: LiveItem[] = [];
  let sent = studio.head;
  for (const each of steps) {
    if (each.kind === "ask") asked.push({ filter: each.filter, page: studio.list(FILTERS[each.filter] ?? {}) });
    if (each.kind === "answer") {
      const [answer] = asked.splice(each.which % Math.max(1, asked.length), 1);
      if (answer === undefined) continue;
      known = learnPage(known, answer.page);
      answers.push(answer);
    }
    if (each.kind === "stragglers") {
      known = (each.reverse ? late.toReversed() : late).reduce(hear, known);
      late = [];
    }
    if (each.kind !== "studio") continue;
    const id = take(studio, each.step);
    const asset = id === null ? undefined : studio.assets.get(id);
    // The answer of the mutation may overtake its event.
    if (each.answered && asset !== undefined) known = learnAssets(known, [asset], JUST_NOW);
    const items = studio.itemsAfter(sent);
    sent = studio.head;
    if (each.fate === "late") late.push(...items);
    if (each.fate === "arrive") known = items.reduce(hear, known);
    if (each.fate === "twice") known = [...items, ...items].reduce(hear, known);
  }
  for (const answer of asked) {
    known = learnPage(known, answer.page);
    answers.push(answer);
  }
  known = late.reduce(hear, known);
  known = hear(known, studio.headItem());
  if (furthest(known) > (known.position ?? 0)) {
    known = studio.subscribe({ after: known.position ?? 0, feedId: studio.feedId }).reduce(hear, known);
  }
  return { known: studio.subscribe({ after: studio.head }).reduce(hear, known), answers };
}

describe("knowledge", () => {
  it("[E2][E3][E4][E5] dropped (the last too), doubled, reordered and late news ends in the studio's state", () => {
    fc.assert(
      fc.property(many(studioStep, 8), many(step, 60), (before, steps) => {
        const studio = modelStudio();
        for (const each of before) take(studio, each);
        const { known, answers } = play(studio, steps);
        expect(known.position).toBe(studio.head);
        for (const { filter, page } of answers) {
          const [shown] = reconcileList([page], FILTERS[filter] ?? {}, { known });
          expect(shown?.items).toEqual(studio.list(FILTERS[filter] ?? {}).items);
        }
        for (const [id, { asset }] of known.assets) expect(asset).toEqual(studio.assets.get(id));
      }),
      { numRuns: 400 },
    );
  });

  it("[E2] a missing event keeps the position back, and a head tells of a missing last one", () => {
    const studio = modelStudio();
    const first = learnPage(knowNothing(), studio.list({}));
    for (let made = 0; made < 3; made += 1) studio.create("image", projects[0]);
    const [one, two, three] = studio.itemsAfter(0) as [LiveItem, LiveItem, LiveItem];
    const gap = hear(hear(first, one), three);
    expect(gap).toMatchObject({ position: 1 });
    expect(furthest(gap)).toBe(3);
    expect(hear(gap, two)).toMatchObject({ position: 3, ahead: [] });
    const lastLost = hear(hear(hear(first, one), two), studio.headItem());
    expect([lastLost.position, furthest(lastLost)]).toEqual([2, 3]);
  });

  it("[E3] a reset, or the head of another database, makes everything known void, lower row versions too", () => {
    const studio = modelStudio();
    const { id } = studio.create("video", projects[0]);
    const older = studio.copy();
    studio.move(id, "processing");
    studio.move(id, "completed");
    const known = learnPage(knowNothing(), studio.list({}));
    const replaced = older.subscribe({ after: known.position ?? 0, feedId: "feed-1" }).reduce(hear, known);
    expect(replaced).toMatchObject({ position: 1, since: 1, epoch: 1 });
    expect(learnPage(replaced, older.list({})).assets.get(id)?.asset.status).toBe("pending");
    const other = hear(known, { kind: "head", seq: 7, feedId: "feed-2" });
    expect(other).toMatchObject({ feedId: "feed-2", position: 7, since: 7, epoch: 1 });
    expect(other.assets.size).toBe(0);
  });

  it.each([
    ["feed-2", 2],
    // What is deleted before any feed has a name stays deleted.
    [null, 1],
  ])(
    "[E3] [E5] a page that was asked for before an answer and names another database than %s does not take the answer back; whatever is learned next does",
    (feedId, back) => {
      const studio = modelStudio();
      const [moved, gone] = [studio.create("video", projects[0]), studio.create("image", projects[0])];
      const page = studio.list({});
      const before: Knowledge = { ...learnPage(knowNothing(), page), feedId };
      studio.move(moved.id, "processing");
      const answered = [studio.assets.get(moved.id) ?? moved];
      const known = removeAsset(learnAssets(before, answered, JUST_NOW), gone.id, JUST_NOW);
      const after = learnPage(known, page);
      const shown = ({ assets }: Knowledge): readonly unknown[] =>
        [...assets.values()].map(({ asset }) => asset.status);
      expect(shown(after)).toEqual(["processing"]);
      expect(reconcileList([page], {}, { known: after })[0]?.items.map(({ status }) => status)).toEqual(["processing"]);
      // Asked for afterwards: if it was another database that answered, this is what is true here.
      expect(shown(learnPage(after, page))).toEqual(Array.from({ length: back }, () => "pending"));
      expect(studio.itemsAfter(0).reduce(hear, after).assets.get(moved.id)?.asset.status).toBe("processing");
    },
  );

  it("[E5] a list read before a removal does not bring the asset back, nor does a late answer about it alone", () => {
    const studio = modelStudio();
    const asset = studio.create("image", projects[0]);
    const late = studio.list({});
    const known = learnPage(knowNothing(), late);
    studio.remove(asset.id);
    const gone = studio.itemsAfter(1).reduce(hear, known);
    expect(learnPage(gone, late).assets.has(asset.id)).toBe(false);
    expect(learnAssets(gone, [asset], JUST_NOW).assets.has(asset.id)).toBe(false);
    const answered = removeAsset(known, asset.id, JUST_NOW);
    expect(studio.itemsAfter(0).reduce(hear, learnPage(answered, late)).assets.has(asset.id)).toBe(false);
  });

  it("[E5] a list read after a removal knows better, and a doubled removal does not", () => {
    const studio = modelStudio();
    const asset = studio.create("image", projects[0]);
    const gone = removeAsset(learnPage(knowNothing(), studio.list({})), asset.id, 1);
    const back = learnPage(gone, { items: [asset], seq: 2, feedId: studio.feedId });
    expect(back.assets.get(asset.id)?.asset).toBe(asset);
    expect(removeAsset(back, asset.id, 1)).toBe(back);
  });

  it("[E5] news that says nothing new gives back the same knowledge and the same assets", () => {
    const studio = modelStudio();
    const { id } = studio.create("video", projects[0]);
    studio.move(id, "processing");
    studio.progress(id, 0.3);
    const known = [studio.headItem(), ...studio.subscribe({ after: 2 })].reduce(
      hear,
      learnPage(knowNothing(), studio.list({})),
    );
    const again = studio.subscribe({ after: 0 }).reduce(hear, known);
    expect(again.assets).toBe(known.assets);
    expect(studio.subscribe({ after: 0 }).reduce(hear, again)).toBe(again);
  });

  it("[C3] a late event does not bring back an older balance", () => {
    const studio = modelStudio();
    const known = learnPage(knowNothing(), studio.list({}));
    studio.create("image", projects[0]);
    studio.create("image", projects[0]);
    const [older, newer] = studio
      .itemsAfter(0)
      .map((item, index) =>
        item.kind === "transition"
          ? { ...item, credits: { balance: 100 - index, held: index } as typeof studio.credits }
          : item,
      );
    if (older === undefined || newer === undefined) throw new Error("Nothing happened.");
    for (const order of [
      [older, newer],
      [newer, older],
    ])
      expect(order.reduce(hear, known).credits).toEqual({ seq: 2, value: { balance: 99, held: 1 } });
  });

  it("[E4] progress of another attempt, of an ended job, or behind, changes nothing", () => {
    const studio = modelStudio();
    const { id } = studio.create("video", projects[0]);
    studio.move(id, "processing");
    const early = studio.progress(id, 0.1) as LiveItem;
    const later = studio.progress(id, 0.3) as LiveItem;
    const running = learnPage(knowNothing(), studio.list({}));
    expect(hear(running, early)).toBe(running);
    expect(hear(running, { ...(later as Extract<LiveItem, { kind: "progress" }>), attempt: 2 })).toBe(running);
    studio.move(id, "completed");
    const done = studio.itemsAfter(2).reduce(hear, running);
    expect(hear(done, later)).toBe(done);
  });

  it("[U3] the line tells every queued asset its place", () => {
    const studio = modelStudio();
    const ids = [1, 2, 3].map(() => studio.create("image", projects[0]).id);
    const known = learnPage(knowNothing(), studio.list({}));
    const startsIn = { low: durationMs(0), high: durationMs(20_000) };
    const line = () => ids.map((assetId, index) => ({ assetId, place: index + 1, startsIn: { ...startsIn } }));
    const told = hear(known, { kind: "queue", waiting: 3, first: ids[0] ?? null, line: line() });
    const jobs = ids.map((id) => told.assets.get(id)?.asset.liveJob);
    expect(jobs.map((job) => job?.queuePosition)).toEqual([1, 2, 3]);
    expect(jobs.map((job) => job?.startsIn)).toEqual([startsIn, startsIn, startsIn]);
    expect(hear(told, { kind: "queue", waiting: 3, first: ids[0] ?? null, line: line() })).toBe(told);
  });

  it("[U3] a line of fifty costs one copy of all that is known, not fifty", () => {
    const studio = modelStudio();
    const ids = Array.from({ length: 50 }, () => studio.create("image", projects[0]).id);
    const known = learnPage(knowNothing(), studio.list({}));
    const line = ids.map((assetId, index) => ({ assetId, place: index + 1, startsIn: null }));
    const Real = Map;
    let copies = 0;
    class CountedMap<K, V> extends Real<K, V> {
      constructor(entries?: Iterable<readonly [K, V]> | null) {
        super(entries);
        if (entries instanceof Real) copies += 1;
      }
    }
    vi.stubGlobal("Map", CountedMap);
    const told = hear(known, { kind: "queue", waiting: 50, first: ids[0] ?? null, line });
    vi.unstubAllGlobals();
    expect(ids.map((id) => told.assets.get(id)?.asset.liveJob?.queuePosition)).toEqual(line.map(({ place }) => place));
    expect(copies).toBe(1);
  });

  it("[A7] who waits for two references is told when the first is there, though its own row has not changed", () => {
    const studio = modelStudio();
    const [one, other, waiting] = [1, 2, 3].map(() => studio.create("image", projects[0]));
    if (one === undefined || other === undefined || waiting === undefined || waiting.liveJob === null)
      throw new Error("Nothing was created.");
    const waitingFor = [one, other].map(({ id, name }) => ({ assetId: id, name }));
    const asset = { ...waiting, liveJob: { ...waiting.liveJob, phase: "waiting_inputs" as const, waitingFor } };
    const known = learnAssets(learnPage(knowNothing(), studio.list({})), [{ ...asset, rowVersion: 99 }], 3);
    studio.move(one.id, "completed");
    const told = studio.itemsAfter(3).reduce(hear, known);
    expect(told.assets.get(waiting.id)?.asset.liveJob?.waitingFor).toEqual(waitingFor.slice(1));
    const older = learnAssets(told, [{ ...asset, rowVersion: 99 }], 3);
    expect(older.assets.get(waiting.id)?.asset.liveJob?.waitingFor).toEqual(waitingFor.slice(1));
  });

  it("[E2] skipping a gap moves on, and every answer from before is no longer covered", () => {
    const studio = modelStudio();
    const known = learnPage(knowNothing(), studio.list({}));
    studio.create("image", projects[0]);
    const behind = hear(known, studio.headItem());
    expect(jumpTo(behind, furthest(behind))).toMatchObject({ since: 1, position: 1, epoch: 0 });
  });
});
