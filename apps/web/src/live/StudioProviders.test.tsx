// @vitest-environment jsdom
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Fragment, memo, StrictMode, useEffect } from "react";
import { appRouter } from "@reelstate/api/router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StudioProviders } from "../StudioProviders.tsx";
import { trpc } from "../trpc.ts";
import { FetchEventSource } from "./testing/fetchEventSource.ts";
import { modelPorts } from "./testing/modelPorts.ts";
import { modelStudio } from "./testing/modelStudio.ts";
import { projects } from "./testing/studioSteps.ts";
import { useConnection } from "./useConnection.ts";
import { useAssetAction, useCreateAssets } from "./useStudioActions.ts";
import type { Asset, WorkspaceId } from "@reelstate/lifecycle";
import type { AssetActing } from "./useStudioActions.ts";

const ORIGIN = "http://studio.test";

/** The real providers, client and routers over a model studio; `cut` loses the answers of mutations. */
function openStudio() {
  const studio = modelStudio();
  const model = modelPorts(studio);
  const network = { cut: false, streams: true };
  vi.stubGlobal("EventSource", FetchEventSource);
  vi.stubGlobal("fetch", async (url: string | URL, { signal: _signal, ...init }: RequestInit = {}) => {
    const req = new Request(new URL(url, ORIGIN), init);
    if (!network.streams && req.url.includes("events.live")) throw new TypeError("unreachable");
    const context = { caller: { workspaceId: "w" as WorkspaceId }, ports: model.ports };
    const response = await fetchRequestHandler({
      endpoint: "/trpc",
      req,
      router: appRouter,
      createContext: () => context,
    });
    if (network.cut && req.method === "POST") throw new TypeError("the answer was lost");
    return response;
  });
  return { studio, model, network };
}

/** What the page on the screen offers, and how often a card was drawn. */
const page: {
  draws: number;
  actions: (AssetActing & { create: ReturnType<typeof useCreateAssets>["create"] }) | null;
} = { draws: 0, actions: null };

function actions() {
  if (page.actions === null) throw new Error("no page is open");
  return page.actions;
}

const Card = memo(function Card({ asset: { name, status } }: { readonly asset: Asset }) {
  useEffect(() => {
    page.draws += 1;
  });
  return <li>{`${name} ${status}`}</li>;
});

function Gallery() {
  const { data } = trpc.assets.list.useInfiniteQuery(
    { limit: 50 },
    { getNextPageParam: ({ nextCursor }) => nextCursor },
  );
  const { data: credits } = trpc.credits.summary.useQuery();
  const connection = useConnection();
  const acting = useAssetAction();
  const { create } = useCreateAssets();
  useEffect(() => {
    page.actions = { ...acting, create };
  });
  const items = data?.pages.flatMap((each) => each.items) ?? [];
  return (
    <>
      <p>{connection.state}</p>
      <p>{`held ${credits?.held ?? "?"}`}</p>
      <ul>
        {items.map((asset) => (
          <Card key={asset.id} asset={asset} />
        ))}
      </ul>
    </>
  );
}

const cards = () => screen.queryAllByRole("listitem").map(({ textContent }) => textContent);

const showsCards = (texts: readonly string[]) => waitFor(() => expect(cards()).toEqual(texts));

async function openPage({ strict = true } = {}): Promise<void> {
  const Mode = strict ? StrictMode : Fragment;
  render(
    <Mode>
      <StudioProviders>
        <Gallery />
      </StudioProviders>
    </Mode>,
  );
  await screen.findByText("live");
}

describe("the studio's providers over the real routers", () => {
  beforeEach(() => {
    page.draws = 0;
  });
  afterEach(() => {
    cleanup();
  });

  it("[U4][U5] a created asset is in the list when create resolves, and follows the feed without another read", async () => {
    const { studio, model } = openStudio();
    studio.create("image", projects[0]);
    await openPage();
    await act(async () => {
      const result = await actions().create({ type: "video", prompt: "a harbour at dawn" });
      expect(result).toMatchObject({ ok: true });
    });
    await showsCards(["Take 2 pending", "Take 1 pending"]);
    const reads = model.lists;
    const [, second] = [...studio.assets.keys()];
    await act(async () => {
      if (second !== undefined) studio.move(second, "failed");
      model.wake();
    });
    await showsCards(["Take 2 failed", "Take 1 pending"]);
    expect(screen.getByText(`held ${studio.credits.held}`)).toBeDefined();
    expect(model.lists).toBe(reads);
  });

  it("[J11] a double click acts once", async () => {
    const { studio, model } = openStudio();
    const asset = studio.create("image", projects[0]);
    studio.move(asset.id, "failed");
    await openPage();
    await act(async () => {
      const [first, second] = await Promise.all([actions().act(asset, "retry"), actions().act(asset, "retry")]);
      expect([first?.ok, second]).toEqual([true, null]);
    });
    expect(model.starts).toHaveLength(1);
    await showsCards(["Take 1 pending"]);
    expect(actions().pendingOf(asset.id)).toBeNull();
  });

  it("[C4] a press whose answer was lost is repeated under its own key, and the next press under another", async () => {
    const { studio, model, network } = openStudio();
    const asset = studio.create("image", projects[0]);
    await openPage();
    network.cut = true;
    await act(async () => expect(await actions().act(asset, "retry")).toMatchObject({ ok: false, refusal: null }));
    network.cut = false;
    await act(async () => expect(await actions().act(asset, "retry")).toMatchObject({ ok: true }));
    await act(async () => expect(await actions().act(asset, "retry")).toMatchObject({ ok: true }));
    const [first, again, next] = model.starts.map(({ idempotencyKey }) => idempotencyKey);
    expect(first).toBe(again);
    expect(next).not.toBe(first);
  });

  it("[C4] what was expected of the price is no part of a press: another one is still its repetition", async () => {
    const { studio, model, network } = openStudio();
    const asset = studio.create("image", projects[0]);
    await openPage();
    network.cut = true;
    await act(async () => expect(await actions().act(asset, "retry")).toMatchObject({ ok: false, refusal: null }));
    network.cut = false;
    await act(async () =>
      expect(await actions().act(asset, "retry", { expectedQuote: 6 })).toMatchObject({ ok: true }),
    );
    const [first, again] = model.starts.map(({ idempotencyKey }) => idempotencyKey);
    expect(again).toBe(first);
  });

  it("[E5] a 409 shows the asset as it is, and its reason can be read", async () => {
    const { studio } = openStudio();
    const asset = studio.create("image", projects[0]);
    await openPage();
    // The event of this is lost: nobody wakes the feed.
    studio.move(asset.id, "completed");
    await act(async () => {
      const result = await actions().act(asset, "cancel");
      expect(result).toMatchObject({ ok: false, refusal: { why: "already_ended", field: null, short: null } });
    });
    await showsCards(["Take 1 completed"]);
  });

  it("[J7] a press of Cancel is meant for the job that was seen: what was begun after it goes on", async () => {
    const { studio } = openStudio();
    const seen = studio.create("image", projects[0]);
    await openPage();
    // Nobody wakes the feed: the page still shows the first job.
    studio.move(seen.id, "failed");
    const later = studio.move(seen.id, "pending");
    await act(async () => {
      const result = await actions().act(seen, "cancel");
      expect(result).toMatchObject({ ok: false, refusal: { why: "already_ended" } });
    });
    expect(studio.get(seen.id)).toEqual(later);
  });

  it("a refused input names its field", async () => {
    openStudio();
    await openPage();
    await act(async () => {
      const result = await actions().create({ type: "video", prompt: "  " });
      expect(result).toMatchObject({ ok: false, refusal: { why: "invalid_input", field: "prompt" } });
    });
  });

  it("[A8] a deleted asset leaves when delete resolves, with the feed dead too", async () => {
    const { studio, network } = openStudio();
    const [first] = [studio.create("image", projects[0]), studio.create("image", projects[0])];
    await openPage();
    network.streams = false;
    await act(async () => expect(await actions().act(first, "delete")).toEqual({ ok: true, asset: null }));
    await showsCards(["Take 2 pending"]);
  });

  it("[E2][E3] a stream that ends is opened again from where it stood, and draws again only what changed", async () => {
    const { studio, model } = openStudio();
    const [first] = [studio.create("image", projects[0]), studio.create("image", projects[0])];
    // StrictMode would open each stream twice.
    await openPage({ strict: false });
    await showsCards(["Take 2 pending", "Take 1 pending"]);
    const [drawn, streams, lists] = [page.draws, model.streams, model.lists];
    await act(async () => model.endStreams());
    studio.move(first.id, "processing");
    await showsCards(["Take 2 pending", "Take 1 processing"]);
    expect(model.streams).toBe(streams + 1);
    expect(model.lists).toBe(lists);
    expect(page.draws).toBe(drawn + 1);
    expect(screen.getByText("live")).toBeDefined();
  });
});
