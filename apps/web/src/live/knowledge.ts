import { isNewer, mergeAsset, mergeProgress, sameLatest } from "@reelstate/lifecycle";
import type { CreditsAnswer, LiveItem, Trouble } from "@reelstate/api";
import type { Asset, AssetId, LiveJob } from "@reelstate/lifecycle";
import type { Queue } from "./useQueue.ts";

/*
 * Everything this tab has learned from the studio, as one value. Pure: knowledge and a piece of news give knowledge.
 *
 * The cache of TanStack Query is a picture of it. Answers and events reach the picture only through here, where older
 * news loses (E5), so it does not matter in which order, how often or how late they come.
 *
 *   position   the last seq up to which every event has been applied
 *   since      where that began: an answer read before it may lack events that were never heard, and is loaded again
 *   epoch      raised when all that was known became void: another database, or a position that cannot be resumed (E3)
 */
export interface Knowledge {
  readonly epoch: number;
  readonly feedId: string | null;
  readonly since: number | null;
  readonly position: number | null;
  /** The studio's own position, as it last told it. */
  readonly head: number | null;
  /** Heard beyond a gap: applied, but the position waits for what is missing. */
  readonly ahead: readonly Step[];
  readonly assets: ReadonlyMap<AssetId, KnownAsset>;
  /** When each asset was removed: a list read before that must not bring it back. */
  readonly removed: ReadonlyMap<AssetId, number>;
  readonly credits: { readonly seq: number; readonly value: CreditsAnswer } | null;
  readonly queue: Queue;
  /** What keeps the whole studio from its work, as it last told it. */
  readonly trouble: Trouble | null;
}

export interface KnownAsset {
  readonly asset: Asset;
  /** The feed's position at which it was known to be so: a list read later knows better whether it belongs in it. */
  readonly seq: number;
}

interface Step {
  readonly prev: number;
  readonly seq: number;
}

export interface Page {
  readonly items: readonly Asset[];
  readonly seq: number;
  readonly feedId: string;
}

/** An answer to a mutation is newer than every list, until the feed says where it belongs. */
export const JUST_NOW = Number.POSITIVE_INFINITY;
/** Answered before all that was known became void: shown until the studio says anything of it again, whatever that is. */
const UNPLACED = Number.NEGATIVE_INFINITY;
const AHEAD_LIMIT = 1_000;

export function knowNothing(): Knowledge {
  return {
    epoch: 0,
    feedId: null,
    since: null,
    position: null,
    head: null,
    ahead: [],
    assets: new Map(),
    removed: new Map(),
    credits: null,
    queue: { waiting: 0, first: null, line: [] },
    trouble: null,
  };
}

/** Knowledge after one item of the live feed. The same value when the item says nothing new. */
export function hear(known: Knowledge, item: LiveItem): Knowledge {
  switch (item.kind) {
    case "transition":
      return step(withCredits(learnTransition(known, item), item), item);
    case "removed":
      return step(removeAsset(known, item.assetId, item.seq), item);
    case "progress":
      return withProgress(known, item);
    case "queue":
      return withQueue(known, item);
    case "trouble":
      return known.trouble === item.trouble ? known : { ...known, trouble: item.trouble };
    case "head":
      return withHead(known, item);
    case "reset":
      return withReset(known, item.seq);
  }
}

function learnTransition(known: Knowledge, item: Extract<LiveItem, { kind: "transition" }>): Knowledge {
  const learned = learnAssets(known, [item.asset], item.seq);
  return item.event === "complete" ? withInputMade(learned, item.asset.id) : learned;
}

/** Knowledge after an answer with assets that were true at `seq`. */
export function learnAssets(known: Knowledge, assets: readonly Asset[], seq: number): Knowledge {
  let { assets: all, removed } = known;
  for (const asset of assets) {
    const removedAt = removed.get(asset.id);
    if (removedAt !== undefined && !(seq > removedAt && seq !== JUST_NOW)) continue;
    const next = newest(all.get(asset.id), asset, seq);
    if (next === all.get(asset.id)) continue;
    if (removedAt !== undefined) removed = without(removed, asset.id);
    if (all === known.assets) all = new Map(all);
    (all as Map<AssetId, KnownAsset>).set(asset.id, next);
  }
  return all === known.assets ? known : { ...known, assets: all, removed };
}

function newest(was: KnownAsset | undefined, incoming: Asset, seq: number): KnownAsset {
  if (was === undefined || was.seq === UNPLACED) return { asset: incoming, seq };
  const asset = mergeAsset(was.asset, incoming);
  // Only news that is not behind can say where the asset stands in the feed.
  const at = incoming.rowVersion < was.asset.rowVersion ? was.seq : was.seq === JUST_NOW ? seq : Math.max(was.seq, seq);
  return asset === was.asset && at === was.seq ? was : { asset, seq: at };
}

/**
 * Knowledge after a page of a list. A page of another database makes everything else void; but it was asked for before, so that
 * a card does not go back from what a person was answered meanwhile, perhaps by that very database.
 */
export function learnPage(known: Knowledge, page: Page): Knowledge {
  const here = known.feedId === null ? adopt(known, page.feedId) : known;
  const started =
    here.feedId !== page.feedId
      ? startOver(here, page.seq, page.feedId)
      : here.position === null
        ? beginAt(here, page.seq)
        : here;
  const learned = learnAssets(started, page.items, page.seq);
  return known.feedId === page.feedId ? learned : withAnswered(learned, known);
}

function withAnswered(learned: Knowledge, before: Knowledge): Knowledge {
  const assets = new Map(learned.assets);
  const removed = new Map(learned.removed);
  for (const [id, { asset, seq }] of before.assets) {
    const paged = assets.get(id)?.asset;
    if (seq === JUST_NOW && paged !== undefined && isNewer(paged, asset)) assets.set(id, { asset, seq: UNPLACED });
  }
  for (const [id, seq] of before.removed) if (seq === JUST_NOW && assets.delete(id)) removed.set(id, UNPLACED);
  return { ...learned, assets, removed };
}

/** Knowledge after a removal; `seq` is `JUST_NOW` where the removal was answered, not heard. */
export function removeAsset(known: Knowledge, id: AssetId, seq: number): Knowledge {
  const before = known.removed.get(id);
  const gone = known.assets.get(id);
  // Heard late: the asset was seen alive at a later position.
  if (gone !== undefined && gone.seq !== JUST_NOW && gone.seq > seq) return known;
  if (gone === undefined && before !== undefined && before >= seq) return known;
  return {
    ...known,
    assets: gone === undefined ? known.assets : without(known.assets, id),
    removed: new Map(known.removed).set(id, Math.max(before ?? 0, seq)),
  };
}

/** What lies between cannot be heard any more: go on from `seq`, with every answer loaded again. Merging stays right. */
export function jumpTo(known: Knowledge, seq: number): Knowledge {
  return { ...beginAt(known, Math.max(seq, known.position ?? 0)), ahead: [] };
}

/** Lists read from here on are whole, so they also know better than answers whose place in the feed was never heard. */
function beginAt(known: Knowledge, seq: number): Knowledge {
  const assets = new Map(known.assets);
  for (const [id, entry] of assets) if (entry.seq === JUST_NOW) assets.set(id, { ...entry, seq });
  return { ...known, since: seq, position: seq, assets };
}

/** Nobody can say which database a mutation's answer came from, when the feed had not named itself yet. */
function adopt(known: Knowledge, feedId: string): Knowledge {
  const assets = new Map([...known.assets].filter(([, { seq }]) => seq !== JUST_NOW));
  return { ...known, feedId, assets };
}

/** The furthest event this tab has reason to believe in; above `position`, something was lost on the way. */
export function furthest(known: Knowledge): number {
  return known.ahead.reduce((max, { seq }) => Math.max(max, seq), known.head ?? 0);
}

function step(known: Knowledge, { prev, seq }: Step): Knowledge {
  if (known.position === null) return beginAt(known, seq);
  if (seq <= known.position) return known;
  return caughtUp({ ...known, ahead: [...known.ahead, { prev, seq }].slice(-AHEAD_LIMIT) });
}

/** Moves the position over everything that now follows on without a gap. */
function caughtUp(known: Knowledge): Knowledge {
  let position = known.position ?? 0;
  let { ahead } = known;
  for (;;) {
    const next = ahead.filter(({ prev, seq }) => prev <= position && seq > position);
    if (next.length === 0) break;
    position = next.reduce((max, { seq }) => Math.max(max, seq), position);
    const reached = position;
    ahead = ahead.filter(({ seq }) => seq > reached);
  }
  return { ...known, position, ahead };
}

function withCredits(
  known: Knowledge,
  { seq, credits }: { readonly seq: number; readonly credits: CreditsAnswer },
): Knowledge {
  if (known.credits !== null && known.credits.seq >= seq) return known;
  return { ...known, credits: { seq, value: credits } };
}

function withProgress(known: Knowledge, item: Extract<LiveItem, { kind: "progress" }>): Knowledge {
  const was = known.assets.get(item.assetId);
  if (was === undefined) return known;
  const asset = mergeProgress(was.asset, item);
  if (asset === was.asset) return known;
  return { ...known, assets: new Map(known.assets).set(item.assetId, { ...was, asset }) };
}

/** Places in line change without an event: the line itself says who stands where. */
function withQueue(known: Knowledge, { waiting, first, line }: Extract<LiveItem, { kind: "queue" }>): Knowledge {
  const same = JSON.stringify(known.queue) === JSON.stringify({ waiting, first, line });
  const told = same ? known : { ...known, queue: { waiting, first, line } };
  const inLine = new Map(line.map((entry) => [entry.assetId, entry]));
  return withLatest(told, inLine.keys(), (job, id) => {
    const entry = inLine.get(id);
    return entry !== undefined && job.phase === "queued"
      ? { ...job, queuePosition: entry.place, startsIn: entry.startsIn }
      : job;
  });
}

/** What was waited for is there: whoever waits for something else too no longer waits for this (A7). */
function withInputMade(known: Knowledge, made: AssetId): Knowledge {
  return withLatest(known, known.assets.keys(), (job) =>
    job.waitingFor.some(({ assetId }) => assetId === made)
      ? { ...job, waitingFor: job.waitingFor.filter(({ assetId }) => assetId !== made) }
      : job,
  );
}

/** However many of them change, all that is known is copied once; where nothing changes it stays the same value. */
function withLatest(
  known: Knowledge,
  ids: Iterable<AssetId>,
  change: (job: LiveJob, id: AssetId) => LiveJob,
): Knowledge {
  let copy: Map<AssetId, KnownAsset> | null = null;
  for (const id of ids) {
    const entry = known.assets.get(id);
    const was = entry?.asset.liveJob ?? null;
    if (entry === undefined || was === null) continue;
    const is = change(was, id);
    if (sameLatest(was, is)) continue;
    copy ??= new Map(known.assets);
    copy.set(id, { ...entry, asset: { ...entry.asset, liveJob: is } });
  }
  return copy === null ? known : { ...known, assets: copy };
}

function withHead(known: Knowledge, { seq, feedId }: { readonly seq: number; readonly feedId: string }): Knowledge {
  if (known.feedId !== null && known.feedId !== feedId) return startOver(known, seq, feedId);
  const here = known.feedId === null ? adopt(known, feedId) : known;
  const begun = here.position === null ? beginAt(here, seq) : here;
  return begun.head === seq ? begun : { ...begun, head: seq };
}

function withReset(known: Knowledge, seq: number): Knowledge {
  const alreadyVoid =
    known.assets.size === 0 && known.removed.size === 0 && known.since === seq && known.position === seq;
  return alreadyVoid ? known : startOver(known, seq, known.feedId);
}

function startOver(known: Knowledge, seq: number, feedId: string | null): Knowledge {
  const { epoch, trouble } = known;
  return { ...knowNothing(), epoch: epoch + 1, feedId, since: seq, position: seq, head: seq, trouble };
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
