import { InfiniteQueryObserver, QueryObserver } from "@tanstack/react-query";
import { createLive } from "../createLive.ts";
import { createQueryClient } from "../createQueryClient.ts";
import { StudioRefusal } from "../refusalOf.ts";
import type { InfiniteData } from "@tanstack/react-query";
import type { AssetPageAnswer, CreditsAnswer } from "@reelstate/api";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { Live } from "../LiveContext.ts";
import type { ChannelPort, LivePorts, LockPort } from "../livePorts.ts";
import type { ListFilter } from "../reconcileList.ts";
import type { FakeServer } from "./fakeServer.ts";

/** The tabs of one browser on the test's clock: locks and a channel between them, a real query cache in each. */
export interface FakeBrowser {
  readonly tabs: readonly FakeTab[];
  open(): FakeTab;
  online: boolean;
}

export interface FakeTab {
  readonly live: Live;
  readonly leads: boolean;
  visible: boolean;
  showList(filter: ListFilter, limit?: number): ShownList;
  /** `broken`: the error that the studio answers with instead, while it does. */
  showAsset(id: AssetId, broken?: () => Error | null): { readonly asset: Asset | undefined; readonly failed: boolean };
  showCredits(): { readonly credits: CreditsAnswer | undefined };
  wake(): void;
  /** Its scripts stop, and it keeps its lock. */
  freeze(): void;
  close(): void;
}

export interface ShownList {
  readonly items: readonly Asset[] | undefined;
  readonly draws: number;
  more(): Promise<unknown>;
}

export function fakeBrowser(server: FakeServer): FakeBrowser {
  const tabs: FakeTab[] = [];
  const locks = fakeLocks();
  const mailboxes = new Map<ChannelPort, (message: unknown) => void>();
  const browser = {
    tabs,
    online: true,
    open() {
      const tab = openTab(server, { number: tabs.length + 1, locks, openChannel, isOnline: () => browser.online });
      tabs.push(tab);
      return tab;
    },
  };

  function openChannel(): ChannelPort {
    const channel: ChannelPort = {
      post(message) {
        const copy = structuredClone(message);
        for (const [other, deliver] of mailboxes)
          if (other !== channel) setTimeout(() => mailboxes.has(other) && deliver(copy), 1);
      },
      onMessage: (callback) => void mailboxes.set(channel, callback),
      close: () => void mailboxes.delete(channel),
    };
    return channel;
  }

  return browser;
}

interface Surroundings {
  readonly number: number;
  readonly locks: LockPort;
  openChannel(): ChannelPort;
  isOnline(): boolean;
}

function openTab(server: FakeServer, { number, locks, openChannel, isOnline }: Surroundings): FakeTab {
  const wakers = new Set<() => void>();
  /** Timers of a frozen tab fire when it is back; messages to it are lost. */
  const overdue = new Set<() => void>();
  let visible = true;
  let frozen = false;
  let disconnect = () => {};
  const ports: LivePorts = {
    tab: `tab-${number}`,
    now: () => Date.now(),
    after(ms, callback) {
      const fire = () => {
        overdue.delete(fire);
        if (frozen) overdue.add(fire);
        else callback();
      };
      const timer = setTimeout(fire, ms);
      return () => {
        clearTimeout(timer);
        overdue.delete(fire);
      };
    },
    locks,
    openChannel() {
      const channel = openChannel();
      return {
        ...channel,
        post: (message) => frozen || channel.post(message),
        onMessage: (callback) => channel.onMessage((message) => frozen || callback(message)),
        close: channel.close,
      };
    },
    isOnline,
    isVisible: () => visible,
    onWake(callback) {
      wakers.add(callback);
      return () => wakers.delete(callback);
    },
  };
  const queryClient = createQueryClient();
  const live = createLive(queryClient, ports);
  const { hub } = live;
  const stopPlan = hub.plan.subscribe(() => {
    disconnect();
    const plan = hub.plan.get();
    disconnect =
      plan === null
        ? () => {}
        : server.connect(plan.input, {
            state: (state) => frozen || hub.streamIs(plan.generation, state),
            item: (item) => frozen || hub.heard(plan.generation, item),
          });
  });
  const stops = [hub.start(), stopPlan];

  return {
    live,
    get leads() {
      return hub.plan.get() !== null;
    },
    get visible() {
      return visible;
    },
    set visible(now) {
      visible = now;
    },
    showList(filter, limit = 50) {
      const observer = new InfiniteQueryObserver<
        AssetPageAnswer,
        Error,
        InfiniteData<AssetPageAnswer>,
        readonly unknown[],
        string | null
      >(queryClient, {
        queryKey: [["assets", "list"], { input: { ...filter, limit }, type: "infinite" }],
        queryFn: ({ pageParam }) =>
          server.read((studio) => studio.list(filter, { cursor: pageParam ?? undefined, limit })),
        initialPageParam: null,
        getNextPageParam: ({ nextCursor }) => nextCursor,
      });
      let draws = 0;
      stops.push(observer.subscribe(() => (draws += 1)));
      return {
        get items() {
          return observer.getCurrentResult().data?.pages.flatMap(({ items }) => items);
        },
        get draws() {
          return draws;
        },
        more: () => observer.fetchNextPage(),
      };
    },
    showAsset(id, broken = () => null) {
      const queryKey = [["assets", "get"], { input: { id }, type: "query" }];
      const queryFn = () => server.read((studio) => found(studio.get(id), broken()));
      const observer = new QueryObserver<Asset>(queryClient, { queryKey, queryFn });
      stops.push(observer.subscribe(() => {}));
      return {
        get asset() {
          return observer.getCurrentResult().data;
        },
        get failed() {
          return observer.getCurrentResult().isError;
        },
      };
    },
    showCredits() {
      const queryKey = [["credits", "summary"], { type: "query" }];
      const observer = new QueryObserver<CreditsAnswer>(queryClient, {
        queryKey,
        queryFn: () => server.read((studio) => studio.credits),
      });
      stops.push(observer.subscribe(() => {}));
      return {
        get credits() {
          return observer.getCurrentResult().data;
        },
      };
    },
    wake() {
      frozen = false;
      const due = [...overdue];
      for (const fire of due) fire();
      for (const waker of wakers) waker();
    },
    freeze() {
      frozen = true;
    },
    close() {
      for (const stop of stops) stop();
      disconnect();
      queryClient.clear();
    },
  };
}

function found(asset: Asset | null, broken: Error | null): Asset {
  if (broken !== null) throw broken;
  if (asset !== null) return asset;
  throw new StudioRefusal({
    why: "not_found",
    field: null,
    flaw: null,
    short: null,
    budget: null,
    freeAt: null,
    asset: null,
    quote: null,
    message: "There is no such asset.",
  });
}

/** As `navigator.locks`: exclusive, first come first served; stealing rejects the holder's request. */
function fakeLocks(): LockPort {
  interface Request {
    readonly held: () => Promise<void>;
    readonly settle: (error?: Error) => void;
  }
  let holder: Request | null = null;
  const line: Request[] = [];

  function grant(request: Request): void {
    holder = request;
    const release = () => {
      request.settle();
      if (holder !== request) return;
      holder = null;
      const next = line.shift();
      if (next !== undefined) grant(next);
    };
    void request.held().then(release);
  }

  return {
    request: (_name, { signal, steal }, held) =>
      new Promise((resolve, reject) => {
        const request: Request = {
          held,
          settle: (error) => (error === undefined ? resolve(undefined) : reject(error)),
        };
        signal?.addEventListener("abort", () => {
          const at = line.indexOf(request);
          if (at === -1) return;
          line.splice(at, 1);
          request.settle(new DOMException("aborted", "AbortError"));
        });
        if (steal === true) {
          holder?.settle(new DOMException("stolen", "AbortError"));
          grant(request);
        } else if (holder === null) setTimeout(() => (holder === null ? grant(request) : line.push(request)), 1);
        else line.push(request);
      }),
  };
}
