import { InfiniteQueryObserver, notifyManager, QueryObserver } from "@tanstack/react-query";
import { createLive } from "@reelstate/web/live/createLive.ts";
import { createPressKeys } from "@reelstate/web/live/pressKeys.ts";
import { createQueryClient } from "@reelstate/web/live/createQueryClient.ts";
import { refusalOf } from "@reelstate/web/live/refusalOf.ts";
import type { AssetPageAnswer, CreditsAnswer } from "@reelstate/api";
import type { AnswerWriter } from "@reelstate/web/live/cacheWriter.ts";
import type { Asset, AssetAction, AssetId, Status } from "@reelstate/lifecycle";
import type { InfiniteData } from "@tanstack/react-query";
import type { World } from "../World.ts";
import type { Truth } from "../judge/openTruth.ts";
import type { StudioProcess } from "../studio/openProcess.ts";
import { openNetwork } from "./openNetwork.ts";

/** A tab with the SPA's own live layer: its query cache, its cache writer, its stream; without what draws it. */
export interface Browser {
  readonly name: string;
  readonly shown: () => readonly Asset[];
  readonly lists: readonly { readonly status: Status | null; readonly items: () => readonly Asset[] | undefined }[];
  readonly credits: () => CreditsAnswer | undefined;
  readonly create: (request: CreateRequest) => Promise<readonly Asset[] | null>;
  readonly act: (asset: Asset, action: AssetAction) => Promise<Asset | null>;
  readonly sleep: (ms: number) => void;
}

export interface CreateRequest {
  readonly type: "image" | "video";
  readonly prompt: string;
  readonly model: string;
  readonly count?: number;
  readonly inputs?: readonly AssetId[];
}

/** The lists that every browser shows: of a status, or all. */
export const LISTED: readonly (Status | null)[] = [null, "failed"];
const PAGE = 60;
const PRESSES = 3;

export function openBrowser(world: World, name: string, served: () => StudioProcess | null, truth: Truth): Browser {
  const realm = world.scheduler.realm(name);
  const network = openNetwork(world, realm, served, truth);
  const keys = createPressKeys(() => world.newId());
  const wakers = new Set<() => void>();
  const queryClient = createQueryClient();
  const { hub, writer } = createLive(queryClient, {
    tab: name,
    now: realm.clock,
    after: realm.after,
    locks: null,
    openChannel: () => null,
    isOnline: () => true,
    isVisible: () => true,
    onWake: (callback) => {
      wakers.add(callback);
      return () => wakers.delete(callback);
    },
  });
  let disconnect = (): void => {};
  hub.plan.subscribe(() => {
    disconnect();
    const plan = hub.plan.get();
    disconnect =
      plan === null
        ? () => {}
        : network.listen(plan.input, {
            state: (state) => hub.streamIs(plan.generation, state),
            item: (said) => {
              const item = world.breakage.hears === undefined ? said : world.breakage.hears(said);
              if (item !== null) hub.heard(plan.generation, item);
            },
            failed: hub.streamFailed,
          });
  });

  function showList(status: Status | null) {
    const input = { limit: PAGE, ...(status === null ? {} : { status }) };
    const observer = new InfiniteQueryObserver<
      AssetPageAnswer,
      Error,
      InfiniteData<AssetPageAnswer>,
      readonly unknown[],
      string | null
    >(queryClient, {
      queryKey: [["assets", "list"], { input, type: "infinite" }],
      queryFn: () => network.ask("list", (api) => api.assets.list.query(input)),
      initialPageParam: null,
      getNextPageParam: ({ nextCursor }) => nextCursor,
    });
    const items = (): readonly Asset[] | undefined =>
      observer.getCurrentResult().data?.pages.flatMap((page) => page.items);
    // As React hears of it: once everything that changes together has changed.
    const draw = notifyManager.batchCalls(() => {
      for (const asset of items() ?? []) truth.drawn(name, asset);
    });
    observer.subscribe(() => draw());
    return { status, items };
  }

  const lists = LISTED.map(showList);
  const credits = new QueryObserver<CreditsAnswer>(queryClient, {
    queryKey: [["credits", "summary"], { type: "query" }],
    queryFn: () => network.ask("credits", (api) => api.credits.summary.query()),
  });
  credits.subscribe(() => {});
  hub.start();

  /** A press that is repeated after a lost answer carries the same key (C4). */
  async function press<T>(
    what: string,
    ask: (key: string) => Promise<T>,
    show: (answer: AnswerWriter, said: T) => void,
  ): Promise<T | null> {
    for (let time = 0; time < PRESSES; time += 1) {
      const answer = writer.asking();
      try {
        const said = await ask(keys.keyFor(what));
        keys.answered(what);
        show(answer, said);
        return said;
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal?.asset) answer.applyAssets([refusal.asset]);
        if (refusal === null) continue;
        keys.answered(what);
        world.tell(name, "is refused", `${what} ${refusal.why}`);
        return null;
      }
    }
    return null;
  }

  return {
    name,
    lists,
    shown: () => lists[0]?.items() ?? [],
    credits: () => credits.getCurrentResult().data,
    create: async (request) => {
      world.tell(name, "creates", `${request.model} ${request.prompt}`);
      const said = await press(
        `create ${request.prompt}`,
        (idempotencyKey) =>
          network.ask(
            "create",
            (api) => api.assets.create.mutate({ ...request, inputs: [...(request.inputs ?? [])], idempotencyKey }),
            true,
          ),
        (answer, { assets }) => answer.applyAssets(assets),
      );
      return said?.assets ?? null;
    },
    act: async ({ id, rowVersion, liveJob }, action) => {
      world.tell(name, action, id);
      const what = `${action} ${id} ${rowVersion}`;
      if (action === "delete") {
        await press(
          what,
          () => network.ask(action, (api) => api.assets.delete.mutate({ id }), true),
          (answer) => answer.removeAsset(id),
        );
        return null;
      }
      return press(
        what,
        (idempotencyKey) =>
          network.ask(
            action,
            (api): Promise<Asset> =>
              action === "cancel"
                ? api.assets.cancel.mutate({ id, ...(liveJob === null ? {} : { jobId: liveJob.id }) })
                : api.assets[action].mutate({ id, idempotencyKey }),
            true,
          ),
        (answer, asset) => answer.applyAssets([asset]),
      );
    },
    sleep: (ms) => {
      world.tell(name, "sleeps", `${ms} ms`);
      realm.pause(ms);
      realm.after(ms, () => {
        for (const waker of wakers) waker();
      });
    },
  };
}
