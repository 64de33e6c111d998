import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeBrowser } from "./testing/fakeBrowser.ts";
import { fakeServer } from "./testing/fakeServer.ts";
import { modelStudio } from "./testing/modelStudio.ts";
import { FILTERS, studioStep, take } from "./testing/studioSteps.ts";
import type { LiveItem } from "@reelstate/api";
import type { FakeServer } from "./testing/fakeServer.ts";
import type { ModelStudio } from "./testing/modelStudio.ts";

/** What may befall a studio, its network and a browser with up to three tabs. */
const mishap = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant("studio" as const), step: studioStep, answered: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(1, 5, 30, 400, 3_000, 9_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("fault" as const),
      fault: fc.constantFrom("none", "drop", "twice", "swap"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("list" as const),
      tab: fc.nat(2),
      filter: fc.nat(FILTERS.length - 1),
      limit: fc.constantFrom(2, 50),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("detail" as const), tab: fc.nat(2), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("more" as const), which: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("latency" as const),
      there: fc.constantFrom(1, 200),
      back: fc.constantFrom(1, 800),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("open" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("close" as const), tab: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("freeze" as const), tab: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wake" as const), tab: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("down" as const, "up" as const, "save" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restore" as const), renamed: fc.boolean() }) },
);

type Mishap = typeof mishap extends fc.Arbitrary<infer M> ? M : never;

function faultOf(name: "none" | "drop" | "twice" | "swap"): FakeServer["fault"] {
  let [count, kept] = [0, null as LiveItem | null];
  return (item) => {
    count += 1;
    if (name === "drop") return count % 2 === 0 ? [] : [item];
    if (name === "twice") return [item, item];
    if (name === "none") return [item];
    const before = kept;
    kept = before === null ? item : null;
    return before === null ? [] : [item, before];
  };
}

/** Plays the mishaps, then lets everything be well for a while, and compares every screen with the studio. */
async function survive(mishaps: readonly Mishap[]): Promise<void> {
  const server = fakeServer(modelStudio());
  const browser = fakeBrowser(server);
  const open = new Set([browser.open()]);
  const screens: { readonly tab: ReturnType<typeof browser.open>; check(): void; more(): void }[] = [];
  let saved: ModelStudio | null = null;
  // An older copy under its old feed id can be told by its lower head only: nothing may happen in it before it is.
  let quiet = false;
  const tabAt = (index: number) => [...open][index % open.size] as ReturnType<typeof browser.open>;

  const isBehind = ({ head }: ModelStudio) =>
    [...open].every(({ live }) => (live.writer.knowledge.get().position ?? 0) > head);

  function showList(index: number, filter: number, limit: number): void {
    const tab = tabAt(index);
    const list = tab.showList(FILTERS[filter] ?? {}, limit);
    const check = () => {
      const items = list.items ?? [];
      const truth = server.studio.list(FILTERS[filter] ?? {}, { limit: 1_000 }).items;
      expect(items).toEqual(truth.slice(0, items.length));
      expect(items.length).toBeGreaterThanOrEqual(Math.min(limit === 50 ? truth.length : 0, truth.length));
    };
    screens.push({ tab, check, more: () => void list.more().catch(() => {}) });
  }

  function showDetail(index: number, which: number): void {
    const tab = tabAt(index);
    const id = [...server.studio.assets.keys()][which % Math.max(1, server.studio.assets.size)];
    if (id === undefined) return;
    const detail = tab.showAsset(id);
    screens.push({
      tab,
      more: () => {},
      check: () => expect(detail.asset).toEqual(server.studio.get(id) ?? undefined),
    });
  }

  for (const each of mishaps) {
    switch (each.kind) {
      case "studio": {
        if (!server.up || quiet) break;
        const id = take(server.studio, each.step);
        const asset = id === null ? undefined : server.studio.assets.get(id);
        if (each.answered && asset !== undefined) tabAt(0).live.writer.asking().applyAssets([asset]);
        server.wake();
        break;
      }
      case "pass":
        await vi.advanceTimersByTimeAsync(each.ms);
        break;
      case "fault":
        server.fault = faultOf(each.fault);
        break;
      case "list":
        showList(each.tab, each.filter, each.limit);
        break;
      case "detail":
        showDetail(each.tab, each.which);
        break;
      case "more":
        screens[each.which % Math.max(1, screens.length)]?.more();
        break;
      case "latency":
        server.latency = each;
        break;
      case "open":
        if (open.size < 3) open.add(browser.open());
        break;
      case "close": {
        const tab = tabAt(each.tab);
        if (open.size === 1) break;
        open.delete(tab);
        tab.close();
        break;
      }
      case "freeze":
        tabAt(each.tab).freeze();
        break;
      case "wake":
        tabAt(each.tab).wake();
        break;
      case "down":
        server.up = false;
        break;
      case "up":
        server.up = true;
        break;
      case "save":
        saved = server.studio.copy();
        break;
      case "restore":
        if (saved === null || !(each.renamed || isBehind(saved))) break;
        quiet = !each.renamed;
        server.up = false;
        server.studio = each.renamed ? saved.copy(`${saved.feedId}+`) : saved;
        saved = saved.copy();
    }
  }
  server.fault = (item) => [item];
  server.latency = { there: 5, back: 5 };
  server.up = true;
  for (const tab of open) tab.wake();
  await vi.advanceTimersByTimeAsync(40_000);
  // What the feed sends when it wakes: latest values travel with the next event (E4).
  for (const id of server.studio.assets.keys())
    if (server.studio.assets.get(id)?.status === "processing") server.studio.move(id, "completed");
  server.wake();
  await vi.advanceTimersByTimeAsync(2_000);
  for (const { tab, check } of screens) if (open.has(tab)) check();
  for (const tab of open) expect(tab.live.writer.knowledge.get().position).toBe(server.studio.head);
  expect([...open].filter(({ leads }) => leads)).toHaveLength(1);
  for (const tab of open) tab.close();
}

describe("the live layer, whatever befalls it", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("[E2][E3][E4][E5][U5] every list and detail of every tab ends in the studio's state", async () => {
    await fc.assert(fc.asyncProperty(fc.array(mishap, { maxLength: 60, size: "max" }), survive), { numRuns: 300 });
  });
});
