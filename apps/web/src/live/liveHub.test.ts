import { TRPCClientError } from "@trpc/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeBrowser } from "./testing/fakeBrowser.ts";
import { fakeServer } from "./testing/fakeServer.ts";
import { modelStudio } from "./testing/modelStudio.ts";
import { projects } from "./testing/studioSteps.ts";
import type { AssetId } from "@reelstate/lifecycle";
import type { FakeBrowser } from "./testing/fakeBrowser.ts";
import type { FakeServer } from "./testing/fakeServer.ts";

const [project] = projects;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function begin(): { server: FakeServer; browser: FakeBrowser } {
  const server = fakeServer(modelStudio());
  server.studio.create("video", project);
  const browser = fakeBrowser(server);
  return { server, browser };
}

describe("the live hub", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("[E2][U5] subscribes from the first list's position, and asks for nothing again", async () => {
    const { server, browser } = begin();
    const tab = browser.open();
    const list = tab.showList({});
    const { id } = server.studio.create("video", project);
    await pass(100);
    expect(tab.live.hub.plan.get()?.input).toEqual({ after: 2, feedId: "feed-1" });
    server.studio.move(id, "failed");
    server.wake();
    await pass(10);
    expect(list.items?.map(({ status }) => status)).toEqual(["failed", "pending"]);
    await pass(120_000);
    expect({ reads: server.reads, connections: server.connections }).toEqual({ reads: 1, connections: 1 });
    tab.close();
  });

  it("[E2] a page without a list starts at the head, and loads again what it had read before that", async () => {
    const { server, browser } = begin();
    const tab = browser.open();
    const [id] = [...server.studio.assets.keys()];
    if (id === undefined) throw new Error("the studio is empty");
    const shown = tab.showAsset(id);
    await pass(500);
    server.studio.move(id, "completed");
    await pass(1_000);
    expect(shown.asset?.status).toBe("completed");
    tab.close();
  });

  it("[E2] a lost last event is noticed by the next head and fetched; a lost one before it by its gap", async () => {
    const { server, browser } = begin();
    const tab = browser.open();
    const list = tab.showList({});
    await pass(1_000);
    server.fault = (item) => (item.kind === "transition" ? [] : [item]);
    server.studio.create("image", project);
    server.wake();
    await pass(10);
    server.fault = (item) => [item];
    await pass(6_500);
    expect(list.items).toHaveLength(2);
    server.fault = (item) => (item.kind === "transition" && item.seq === 3 ? [] : [item]);
    server.studio.create("image", project);
    server.studio.create("image", project);
    server.wake();
    await pass(10);
    server.fault = (item) => [item];
    await pass(150);
    expect(list.items).toHaveLength(4);
    expect(tab.live.hub.counts.gaps).toBe(2);
    expect(server.reads).toBe(1);
    tab.close();
  });

  it("one tab holds the stream; the others apply what it repeats, and ask for nothing", async () => {
    const { server, browser } = begin();
    const tabs = Array.from({ length: 10 }, () => browser.open());
    const lists = tabs.map((tab) => tab.showList({}));
    await pass(1_000);
    server.studio.create("video", project);
    server.wake();
    await pass(50);
    expect(tabs.filter(({ leads }) => leads)).toHaveLength(1);
    expect(lists.map(({ items }) => items?.length)).toEqual(Array.from({ length: 10 }, () => 2));
    expect(tabs.map(({ live }) => live.hub.connection.get().state)).toEqual(Array.from({ length: 10 }, () => "live"));
    expect({ reads: server.reads, connections: server.connections }).toEqual({ reads: 10, connections: 1 });
    for (const tab of tabs) tab.close();
  });

  it("[E2][E3] when the leader dies, another leads on from where it stands and nothing is missed", async () => {
    const { server, browser } = begin();
    const [first, second, third] = [browser.open(), browser.open(), browser.open()];
    const lists = [second, third].map((tab) => tab.showList({}));
    first.showList({});
    await pass(1_000);
    first.close();
    server.studio.create("image", project);
    server.wake();
    await pass(1_000);
    expect([second.leads, third.leads]).toEqual([true, false]);
    expect(lists.map(({ items }) => items?.length)).toEqual([2, 2]);
    expect(server.reads).toBe(3);
    for (const tab of [second, third]) tab.close();
  });

  it("[E2] a follower that missed something gets it from the leader; one that missed too much loads again", async () => {
    const { server, browser } = begin();
    const [leader, follower] = [browser.open(), browser.open()];
    leader.showList({});
    const list = follower.showList({});
    await pass(1_000);
    follower.freeze();
    for (let made = 0; made < 3; made += 1) server.studio.create("image", project);
    server.wake();
    await pass(1_000);
    follower.wake();
    await pass(1_500);
    expect(list.items).toHaveLength(4);
    expect(server.reads).toBe(2);
    follower.freeze();
    for (let made = 0; made < 600; made += 1) server.studio.create("image", project);
    server.wake();
    await pass(1_000);
    follower.wake();
    await pass(1_500);
    expect(list.items?.[0]?.id).toBe("asset-0604");
    expect({ skips: follower.live.hub.counts.skips, reads: server.reads, connections: server.connections }).toEqual({
      skips: 1,
      reads: 3,
      connections: 1,
    });
    for (const tab of [leader, follower]) tab.close();
  });

  it("a follower takes over from a leader that is frozen with its lock, and gives way when that one is back", async () => {
    const { server, browser } = begin();
    const [leader, follower] = [browser.open(), browser.open()];
    const lists = [leader, follower].map((tab) => tab.showList({}));
    await pass(1_000);
    leader.freeze();
    server.studio.create("image", project);
    server.wake();
    await pass(21_000);
    expect(follower.leads).toBe(true);
    expect(lists[1]?.items).toHaveLength(2);
    leader.wake();
    await pass(3_000);
    expect([leader.leads, follower.leads]).toEqual([false, true]);
    expect(lists[0]?.items).toHaveLength(2);
    for (const tab of [leader, follower]) tab.close();
  });

  it("[E3] a database replaced by an older copy ends in that copy's truth, in every tab", async () => {
    const { server, browser } = begin();
    const tabs = [browser.open(), browser.open()];
    const [id] = [...server.studio.assets.keys()];
    if (id === undefined) throw new Error("the studio is empty");
    const shown = tabs.map((tab) => [tab.showList({}), tab.showAsset(id)] as const);
    await pass(1_000);
    const copy = server.studio.copy();
    server.studio.move(id, "processing");
    server.studio.create("image", project);
    server.studio.move(id, "completed");
    server.wake();
    await pass(100);
    expect(shown.map(([list]) => list.items?.length)).toEqual([2, 2]);
    server.up = false;
    server.studio = copy;
    await pass(300);
    server.up = true;
    await pass(3_000);
    for (const [list, detail] of shown) {
      expect(list.items).toEqual(copy.list({}).items);
      expect(detail.asset?.status).toBe("pending");
    }
    copy.move(id, "failed");
    server.wake();
    await pass(100);
    expect(shown.map(([list]) => list.items?.[0]?.status)).toEqual(["failed", "failed"]);
    for (const tab of tabs) tab.close();
  });

  it("[E3] a stream that began without a position notices an older copy by its head", async () => {
    const { server, browser } = begin();
    const tab = browser.open();
    const copy = server.studio.copy();
    server.studio.create("image", project);
    await pass(8_000);
    expect(tab.live.hub.plan.get()?.input).toEqual({});
    expect(tab.live.writer.knowledge.get().position).toBe(2);
    server.up = false;
    server.studio = copy;
    await pass(300);
    server.up = true;
    await pass(2_000);
    expect(tab.live.writer.knowledge.get()).toMatchObject({ position: 1, epoch: 1 });
    tab.close();
  });

  it("[A8] a removed asset leaves lists at once, and its open detail asks and hears that it is gone", async () => {
    const { server, browser } = begin();
    const tab = browser.open();
    const [id] = [...server.studio.assets.keys()];
    if (id === undefined) throw new Error("the studio is empty");
    const [list, detail] = [tab.showList({}), tab.showAsset(id)];
    await pass(500);
    server.latency = { there: 5, back: 200 };
    const late = tab.showList({ type: "video" });
    await pass(50);
    server.studio.remove(id);
    server.wake();
    await pass(10);
    expect(list.items).toEqual([]);
    await pass(500);
    expect(late.items).toEqual([]);
    expect([detail.asset, detail.failed]).toEqual([undefined, true]);
    tab.close();
  });

  it("[U5] the connection is calm: a short break does not show, a longer one does, and the network's end at once", async () => {
    const { server, browser } = begin();
    const tabs = [browser.open(), browser.open()];
    for (const tab of tabs) tab.showList({});
    const states = () => tabs.map(({ live }) => live.hub.connection.get().state);
    await pass(1_000);
    expect(states()).toEqual(["live", "live"]);
    server.up = false;
    await pass(1_000);
    server.up = true;
    expect(states()).toEqual(["live", "live"]);
    await pass(1_000);
    expect(states()).toEqual(["live", "live"]);
    server.up = false;
    await pass(3_000);
    expect(states()).toEqual(["connecting", "connecting"]);
    await pass(5_000);
    expect(states()).toEqual(["offline", "offline"]);
    server.up = true;
    await pass(1_000);
    expect(states()).toEqual(["live", "live"]);
    browser.online = false;
    for (const tab of tabs) tab.wake();
    expect(states()).toEqual(["offline", "offline"]);
    for (const tab of tabs) tab.close();
  });

  it("[U5] what the studio failed to answer is asked again when it is back, in every tab, without a click", async () => {
    const { server, browser } = begin();
    const tabs = [browser.open(), browser.open()];
    for (const tab of tabs) tab.showList({});
    await pass(1_000);
    const broken = new TRPCClientError("broken", {
      result: { error: { code: -32603, message: "broken", data: { httpStatus: 500 } } },
    });
    let answering = false;
    const shown = tabs.map((tab) => tab.showAsset("asset-0001" as AssetId, () => (answering ? null : broken)));
    await pass(10_000);
    expect(shown.map(({ failed }) => failed)).toEqual([true, true]);
    server.up = false;
    await pass(2_000);
    answering = true;
    server.up = true;
    await pass(2_000);
    expect(shown.map(({ asset }) => asset?.status)).toEqual(["pending", "pending"]);
    for (const tab of tabs) tab.close();
  });

  it("[C3] credits follow the events, and a late answer does not bring back an older balance", async () => {
    const { server, browser } = begin();
    const tab = browser.open();
    tab.showList({});
    await pass(500);
    server.latency = { there: 5, back: 200 };
    const shown = tab.showCredits();
    await pass(50);
    server.studio.create("video", project);
    server.wake();
    await pass(500);
    expect(shown.credits).toEqual(server.studio.credits);
    server.studio.create("video", project);
    server.wake();
    await pass(10);
    expect(shown.credits).toEqual(server.studio.credits);
    tab.close();
  });
});
