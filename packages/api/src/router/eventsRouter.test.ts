import { epochMs } from "@reelstate/lifecycle";
import { applyStep, sampleAsset } from "@reelstate/lifecycle/testing";
import { isTrackedEnvelope } from "@trpc/server";
import { describe, expect, it } from "vitest";
import { send } from "../testing/ask.ts";
import { CALLER, handMadePorts } from "../testing/ports.ts";
import { appRouter } from "./index.ts";
import type { AssetId, Credits, JobId } from "@reelstate/lifecycle";
import type { LiveItem } from "../contract.ts";
import type { FeedPosition, StudioPorts } from "../ports.ts";

const { rows } = applyStep(null, "create");
if (rows === null) throw new Error("A create makes an asset.");
const ASSET = sampleAsset(rows);

/** One of each kind. */
const ITEMS: readonly LiveItem[] = [
  { kind: "head", seq: 6, feedId: "feed-1" },
  {
    kind: "transition",
    seq: 7,
    prev: 6,
    at: epochMs(1_800_000_000_000),
    event: "create",
    from: null,
    to: "pending",
    asset: ASSET,
    credits: { balance: 1_000 as Credits, held: 6 as Credits },
  },
  {
    kind: "progress",
    assetId: ASSET.id,
    jobId: "job-1" as JobId,
    attempt: 1,
    phase: "at_provider",
    progress: { kind: "measured", fraction: 0.4, low: null, high: null },
  },
  { kind: "queue", waiting: 1, first: ASSET.id, line: [{ assetId: ASSET.id, place: 1, startsIn: null }] },
  { kind: "removed", seq: 8, prev: 7, assetId: "asset-0" as AssetId },
  { kind: "reset", seq: 40 },
];
const TRACKED: Readonly<Partial<Record<LiveItem["kind"], string>>> = { transition: "7", removed: "8", reset: "40" };

/** A feed that says these items, and remembers where it was told to begin. */
function feedOf(items: readonly LiveItem[]) {
  const began: FeedPosition[] = [];
  let ended = 0;
  const feed: StudioPorts["feed"] = {
    live: async function* (_caller, position) {
      began.push(position);
      try {
        yield* items;
      } finally {
        ended += 1;
      }
    },
  };
  const { ports } = handMadePorts(() => ({ ok: true, value: null as never }), feed);
  return { ports, began, ended: () => ended };
}

async function positionAfter(
  input: unknown,
  init: { readonly headers?: Readonly<Record<string, string>>; readonly query?: string } = {},
): Promise<FeedPosition | undefined> {
  const { ports, began } = feedOf([]);
  const query = new URLSearchParams(init.query);
  if (input !== undefined) query.set("input", JSON.stringify(input));
  const request = new Request(`http://studio.test/trpc/events.live?${query.toString()}`, {
    headers: { accept: "text/event-stream", ...init.headers },
  });
  await (await send(ports, request)).text();
  return began[0];
}

describe("events.live", () => {
  it("[E2] transitions, removals and resets are tracked by their seq; heads, progress and queue are not", async () => {
    const { ports } = feedOf(ITEMS);
    const stream = await appRouter.createCaller({ caller: CALLER, ports }).events.live();
    const heard: (readonly [id: string | undefined, item: unknown])[] = [];
    for await (const said of stream) heard.push(isTrackedEnvelope(said) ? [said[0], said[1]] : [undefined, said]);
    expect(heard).toEqual(ITEMS.map((item) => [TRACKED[item.kind], item]));
  });

  it("[E2] on the wire the seq is the event's id, which a browser sends back when it reconnects", async () => {
    const { ports } = feedOf(ITEMS);
    const response = await send(ports, new Request("http://studio.test/trpc/events.live"));
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const text = await response.text();
    const messages = text.split("\n\n").map((block) => ({
      id: /^id: ?(.*)$/m.exec(block)?.[1],
      data: /^data: (\{"kind".*)$/m.exec(block)?.[1],
    }));
    const said = messages.filter(({ data }) => data !== undefined);
    expect(said.map(({ data }) => JSON.parse(data ?? "") as unknown)).toEqual(ITEMS);
    // An empty id with an untracked item is tRPC's: a message of its own then brings the last one back.
    expect(said.map(({ id }) => id)).toEqual([undefined, "7", "", "", "8", "40"]);
    expect(messages.map(({ id }) => id).filter((id) => id !== undefined && id !== "")).toEqual([
      "7",
      "7",
      "7",
      "8",
      "40",
    ]);
  });

  it("[E3] without a position it begins at the head, with one after it", async () => {
    expect(await positionAfter(undefined)).toEqual({ after: null, feedId: null });
    expect(await positionAfter({})).toEqual({ after: null, feedId: null });
    expect(await positionAfter({ after: 0, feedId: "feed-1" })).toEqual({ after: 0, feedId: "feed-1" });
  });

  it("[E3] a client that reconnects goes on from the larger of where it began and what it heard last", async () => {
    expect(await positionAfter({ after: 5 }, { headers: { "last-event-id": "9" } })).toEqual({
      after: 9,
      feedId: null,
    });
    expect(await positionAfter({ after: 12 }, { headers: { "last-event-id": "9" } })).toEqual({
      after: 12,
      feedId: null,
    });
    expect(await positionAfter({}, { headers: { "last-event-id": "10" } })).toEqual({ after: 10, feedId: null });
    expect(await positionAfter(undefined, { query: "lastEventId=10" })).toEqual({ after: 10, feedId: null });
    expect(await positionAfter({ after: 9, lastEventId: "10" })).toEqual({ after: 10, feedId: null });
  });

  it.each(["-1", "1e3", "7; DROP TABLE event", "9".repeat(16), "∞"])(
    "a last event id that is no seq (%s) never reaches the feed",
    async (lastEventId) => {
      expect(await positionAfter({ lastEventId })).toBeUndefined();
    },
  );

  it("the feed ends when its listener goes", async () => {
    const { ports, ended } = feedOf(ITEMS);
    const stream = await appRouter.createCaller({ caller: CALLER, ports }).events.live();
    for await (const _said of stream) break;
    expect(ended()).toBe(1);
  });

  it("the feed is given the caller and a signal that is not aborted yet", async () => {
    const given: unknown[] = [];
    const { ports } = handMadePorts(() => ({ ok: true, value: null as never }), {
      live: (caller, _position, signal) => {
        given.push(caller, signal.aborted);
        return feedOf([]).ports.feed.live(caller, { after: null, feedId: null }, signal);
      },
    });
    for await (const _said of await appRouter.createCaller({ caller: CALLER, ports }).events.live());
    expect(given).toEqual([CALLER, false]);
  });
});
