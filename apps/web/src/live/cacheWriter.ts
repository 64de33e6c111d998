import { notifyManager } from "@tanstack/react-query";
import { answersOf } from "./answersOf.ts";
import { createAnswerBook } from "./answerBook.ts";
import { furthest, hear, jumpTo, JUST_NOW, knowNothing, learnAssets, learnPage, removeAsset } from "./knowledge.ts";
import { reconcileList } from "./reconcileList.ts";
import { refusalOf } from "./refusalOf.ts";
import { valueStore } from "./valueStore.ts";
import type { Query, QueryClient } from "@tanstack/react-query";
import type { AssetPageAnswer, LiveItem, Trouble } from "@reelstate/api";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { Asked } from "./answerBook.ts";
import type { Knowledge } from "./knowledge.ts";
import type { LivePorts } from "./livePorts.ts";
import type { Queue } from "./useQueue.ts";
import type { ValueStore } from "./valueStore.ts";

/** The one writer to what is shown. Everything the studio says goes through its knowledge, where older news loses. */
export interface CacheWriter {
  readonly knowledge: ValueStore<Knowledge>;
  readonly queue: ValueStore<Queue>;
  readonly trouble: ValueStore<Trouble | null>;
  /** Items of the live feed, in any order and any number of times. */
  apply(items: readonly LiveItem[]): void;
  /**
   * To be called when a mutation is sent. What it answers is shown at once (U4), unless all that was known became void while it was
   * on its way: then nobody can say any more what it is older than, and what is loaded afresh knows better (E3, E5).
   */
  asking(): AnswerWriter;
  /** Events were lost that nobody can repeat: load again what is shown, and go on from the furthest position heard. */
  skipGap(): void;
  /** Loads again what was read before the events it would need began to be heard, and what the studio failed to answer. */
  reloadUncovered(): void;
  /** Calls back when the studio answers from before `since`: it has gone back, and its stream will say so. */
  start(onOlderStudio: () => void): () => void;
}

/** Where the answer to one mutation goes. */
export interface AnswerWriter {
  applyAssets(assets: readonly Asset[]): void;
  removeAsset(id: AssetId): void;
}

/** How long several events wait for one reload of what they do not carry: timelines, job lists, ledger lines. */
const GATHER_MS = 300;

/** Reads every answer of the cache from now on: screens ask before their providers' effects have run. */
export function createCacheWriter(queryClient: QueryClient, { after }: Pick<LivePorts, "after">): CacheWriter {
  const knowledge = valueStore<Knowledge>(knowNothing());
  const queue = valueStore<Queue>(knowledge.get().queue);
  const trouble = valueStore<Trouble | null>(null);
  const cache = queryClient.getQueryCache();
  const book = createAnswerBook();
  const refreshes = new Set<string>();
  let tellOlderStudio = () => {};
  let stopGathering: (() => void) | null = null;

  function become(next: Knowledge, touched: readonly AssetId[]): void {
    const before = knowledge.get();
    if (next === before) return;
    notifyManager.batch(() => {
      knowledge.set(next);
      queue.set(next.queue);
      trouble.set(next.trouble);
      if (next.epoch !== before.epoch) queryClient.removeQueries({ type: "inactive" });
      for (const query of cache.getAll()) draw(query, before, touched);
      if (next.epoch !== before.epoch) askAnew();
      else if (next.since !== before.since) reloadUncovered();
    });
  }

  /**
   * What is still on its way was asked before everything became void: nobody can say what it is older than. Only a reset lets
   * go of a first question; asking it again would wait for the old one's answer.
   */
  function askAnew(): void {
    void queryClient.resetQueries({ type: "active", predicate: ({ state }) => state.data === undefined });
    void queryClient.invalidateQueries();
  }

  /** Brings one query up to what is known. Unchanged assets stay the same objects, so that nothing is drawn again. */
  function draw(query: Query, before: Knowledge, touched: Iterable<AssetId> | undefined): void {
    const known = knowledge.get();
    const answer = answersOf(query);
    if (answer === null || query.state.data === undefined) return;
    switch (answer.of) {
      case "list": {
        const pages = reconcileList(
          answer.pages,
          answer.filter,
          touched === undefined ? { known } : { known, touched },
        );
        book.newPages(pages);
        if (pages !== answer.pages) write(query, answer.withPages(pages));
        return;
      }
      case "asset": {
        const newest = known.assets.get(answer.id)?.asset;
        if (newest !== undefined && newest !== answer.asset) write(query, newest);
        // The answer to a fresh question is that it is gone.
        else if (known.removed.has(answer.id)) void queryClient.resetQueries({ queryKey: query.queryKey, exact: true });
        return;
      }
      case "credits":
        if (known.credits !== null && known.credits !== before.credits) write(query, known.credits.value);
        return;
      case "other":
    }
  }

  function write(query: Query, data: unknown): void {
    queryClient.setQueryData(query.queryKey, data);
  }

  /** An answer has come from the studio: what it knows is learned, and what is known by now is written over it. */
  function read(query: Query): void {
    const answer = answersOf(query);
    if (answer === null || answer.of === "other") return;
    const asked = book.asked(query);
    const before = knowledge.get();
    // Asked before everything became void; it is being asked again.
    if (asked !== null && asked.epoch !== before.epoch) return reload(query);
    const learned = learn(before, answer, asked?.position ?? null);
    become(learned, touchedBy(answer));
    draw(query, creditsAt(before, asked), undefined);
    const { since } = knowledge.get();
    if (since === null || book.covers(query, knowledge.get())) return;
    const askedSince = asked !== null && asked.position !== null && asked.position >= since;
    if (askedSince) tellOlderStudio();
    else reload(query);
  }

  /** An asset that the studio does not find is removed, also where the event was lost. */
  function readRefusal(query: Query, error: unknown): void {
    const answer = answersOf(query);
    const known = knowledge.get();
    if (answer?.of !== "asset" || refusalOf(error)?.why !== "not_found" || book.asked(query)?.epoch !== known.epoch)
      return;
    become(removeAsset(known, answer.id, JUST_NOW), [answer.id]);
  }

  function learn(
    known: Knowledge,
    answer: NonNullable<ReturnType<typeof answersOf>>,
    position: number | null,
  ): Knowledge {
    if (answer.of === "list")
      return book.newPages(answer.pages).reduce((next: Knowledge, page) => learnPage(next, page), known);
    // Read before the feed began, it will be read again; until then nobody can say which database it came from.
    if (answer.of === "asset" && answer.asset !== null && position !== null)
      return learnAssets(known, [answer.asset], position);
    return known;
  }

  function reload(query: Query): void {
    if (query.isActive()) void queryClient.invalidateQueries({ queryKey: query.queryKey, exact: true });
    else cache.remove(query);
  }

  function reloadUncovered(): void {
    for (const query of cache.getAll()) {
      const { data, error, fetchStatus } = query.state;
      if (fetchStatus !== "idle") continue;
      const failed = error !== null && refusalOf(error) === null && query.isActive();
      if (failed || (data !== undefined && !book.covers(query, knowledge.get()))) reload(query);
    }
  }

  /** Timelines, job lists and ledger lines are not in the events; open ones are asked for again, gathered. */
  function refreshSoon(paths: readonly string[]): void {
    for (const path of paths) refreshes.add(path);
    stopGathering ??= after(GATHER_MS, () => {
      stopGathering = null;
      const due = new Set(refreshes);
      refreshes.clear();
      void queryClient.invalidateQueries({ predicate: (query) => due.has(refreshKey(query)) });
    });
  }

  cache.subscribe((event) => {
    if (event.type !== "updated") return;
    if (event.action.type === "fetch") book.note(event.query, knowledge.get());
    if (event.action.type === "error") readRefusal(event.query, event.action.error);
    if (event.action.type === "success" && event.action.manual !== true) read(event.query);
  });

  return {
    knowledge,
    queue,
    trouble,
    apply(items) {
      const before = knowledge.get();
      become(items.reduce(hear, before), items.flatMap(touchedByItem));
      const fresh = items.filter((item) => "seq" in item && item.kind !== "head" && item.seq > (before.position ?? 0));
      const paths = fresh.flatMap(refreshedBy);
      if (paths.length > 0) refreshSoon(paths);
    },
    asking() {
      const { epoch } = knowledge.get();
      const answered = (learn: (known: Knowledge) => Knowledge, touched: readonly AssetId[]): void => {
        const known = knowledge.get();
        if (known.epoch === epoch) become(learn(known), touched);
      };
      return {
        applyAssets: (assets) =>
          answered(
            (known) => learnAssets(known, assets, JUST_NOW),
            assets.map(({ id }) => id),
          ),
        removeAsset: (id) => answered((known) => removeAsset(known, id, JUST_NOW), [id]),
      };
    },
    skipGap() {
      const known = knowledge.get();
      become(jumpTo(known, furthest(known)), []);
    },
    reloadUncovered,
    start(onOlderStudio) {
      tellOlderStudio = onOlderStudio;
      return () => {
        tellOlderStudio = () => {};
        stopGathering?.();
        stopGathering = null;
      };
    },
  };
}

/** Credits heard after the question was asked are newer than its answer; those heard before, be it beyond a gap, are not. */
function creditsAt(known: Knowledge, asked: Asked | null): Knowledge {
  const heardSince = asked !== null && asked.position !== null && known.credits !== asked.credits;
  return heardSince ? { ...known, credits: null } : known;
}

function touchedBy(answer: NonNullable<ReturnType<typeof answersOf>>): readonly AssetId[] {
  if (answer.of === "list") return answer.pages.flatMap(({ items }: AssetPageAnswer) => items.map(({ id }) => id));
  return answer.of === "asset" ? [answer.id] : [];
}

function touchedByItem(item: LiveItem): readonly AssetId[] {
  switch (item.kind) {
    case "transition":
      return [item.asset.id];
    case "removed":
    case "progress":
      return [item.assetId];
    case "queue":
      return item.line.map(({ assetId }) => assetId);
    case "head":
    case "reset":
    case "trouble":
      return [];
  }
}

function refreshedBy(item: LiveItem): readonly string[] {
  if (item.kind === "transition") return [`history ${item.asset.id}`, "jobs.list", "credits.entries"];
  return item.kind === "removed" ? ["credits.summary", "credits.entries", "jobs.list"] : [];
}

function refreshKey(query: Query): string {
  const [path, { input } = {}] = query.queryKey as [(readonly string[])?, { input?: { id?: string } }?];
  const name = path?.join(".") ?? "";
  return name === "assets.history" ? `history ${input?.id}` : name;
}
