import type { AssetPageAnswer, CreditsAnswer, LiveItem } from "@reelstate/api";
import type {
  Asset,
  AssetId,
  AssetType,
  Credits,
  EpochMs,
  JobId,
  ProjectId,
  Status,
  VersionId,
} from "@reelstate/lifecycle";
import type { ListFilter } from "../reconcileList.ts";

/** As much of the studio as its views can tell: rows, a dense feed, lists in one snapshot with their position. */
export interface ModelStudio {
  readonly feedId: string;
  readonly head: number;
  readonly assets: ReadonlyMap<AssetId, Asset>;
  readonly credits: CreditsAnswer;
  create(type: AssetType, projectId: ProjectId): Asset;
  /** Moves the asset to another status, with a new row version and event. */
  move(id: AssetId, to: Status): Asset;
  /** A latest value: no row version, no event (E4). */
  progress(id: AssetId, by: number): LiveItem | null;
  remove(id: AssetId): void;
  list(
    filter: ListFilter,
    options?: { readonly cursor?: string | undefined; readonly limit?: number },
  ): AssetPageAnswer;
  get(id: AssetId): Asset | null;
  /** What a subscription with this input hears first. */
  subscribe(input: { readonly after?: number; readonly feedId?: string }): readonly LiveItem[];
  /** The feed after a position, each event with its asset as it is now. */
  itemsAfter(after: number): readonly LiveItem[];
  headItem(): LiveItem;
  /** The same database as it was copied now, to be put back later; under a new feed id if given. */
  copy(feedId?: string): ModelStudio;
}

interface Rows {
  readonly assets: Map<AssetId, Asset>;
  readonly events: AssetId[];
  made: number;
  held: number;
}

export function modelStudio(
  feedId = "feed-1",
  rows: Rows = { assets: new Map(), events: [], made: 0, held: 0 },
): ModelStudio {
  const { assets, events } = rows;
  const credits = (): CreditsAnswer => ({ balance: 1_000 as Credits, held: rows.held as Credits });

  function record(asset: Asset): Asset {
    assets.set(asset.id, asset);
    events.push(asset.id);
    rows.held += 1;
    return asset;
  }

  function itemAt(seq: number): LiveItem {
    const id = events[seq - 1] as AssetId;
    const asset = assets.get(id);
    if (asset === undefined) return { kind: "removed", seq, prev: seq - 1, assetId: id };
    const { status: to } = asset;
    return {
      kind: "transition",
      seq,
      prev: seq - 1,
      at: 0 as EpochMs,
      event: to === "completed" ? "complete" : "claim",
      from: null,
      to,
      asset,
      credits: credits(),
    };
  }

  const itemsAfter = (after: number) => events.slice(after).map((_, index) => itemAt(after + index + 1));
  const headItem = (): LiveItem => ({ kind: "head", seq: events.length, feedId });
  const latest = () => [...assets.keys()].flatMap((id) => progressOf(id) ?? []);

  function progressOf(id: AssetId): LiveItem | null {
    const job = assets.get(id)?.liveJob ?? null;
    if (job === null || job.status !== "processing") return null;
    return {
      kind: "progress",
      assetId: id,
      jobId: job.id,
      attempt: job.attempt,
      phase: job.phase,
      progress: job.progress,
    };
  }

  return {
    feedId,
    assets,
    get head() {
      return events.length;
    },
    get credits() {
      return credits();
    },
    create(type, projectId) {
      rows.made += 1;
      return record(newAsset(rows.made, type, projectId));
    },
    move: (id, to) => record(moved(assets.get(id) as Asset, to)),
    progress(id, by) {
      const asset = assets.get(id);
      const job = asset?.liveJob ?? null;
      if (asset === undefined || job === null || job.status !== "processing") return null;
      const fraction = Math.min(1, (job.progress.fraction ?? 0) + by);
      assets.set(id, {
        ...asset,
        liveJob: { ...job, progress: { kind: "measured", fraction, low: null, high: null } },
      });
      return progressOf(id);
    },
    remove(id) {
      assets.delete(id);
      events.push(id);
    },
    list(filter, { cursor, limit = 50 } = {}) {
      const all = [...assets.values()]
        .filter((asset) => belongs(asset, filter))
        .toSorted((a, b) => b.createdAt - a.createdAt);
      const rest = cursor === undefined ? all : all.filter(({ createdAt }) => createdAt < Number(cursor));
      const items = rest.slice(0, limit);
      const nextCursor = rest.length > limit ? String(items.at(-1)?.createdAt) : null;
      return { items, nextCursor, seq: events.length, feedId };
    },
    get: (id) => assets.get(id) ?? null,
    subscribe({ after, feedId: asked }) {
      if (after === undefined) return [headItem(), ...latest()];
      const resumable = after <= events.length && (asked === undefined || asked === feedId);
      const from: readonly LiveItem[] = resumable ? itemsAfter(after) : [{ kind: "reset", seq: events.length }];
      return [headItem(), ...from, ...latest()];
    },
    itemsAfter,
    headItem,
    // Ids are never given twice, not even by a copy.
    copy: (as = feedId) =>
      modelStudio(as, { assets: new Map(assets), events: [...events], made: rows.made + 100, held: rows.held }),
  };
}

function belongs(asset: Asset, { projectId, status, type, search }: ListFilter): boolean {
  if (projectId !== undefined && asset.projectId !== projectId) return false;
  if (status !== undefined && asset.status !== status) return false;
  if (type !== undefined && asset.type !== type) return false;
  return search === undefined || asset.currentVersion.prompt.includes(search);
}

function newAsset(number: number, type: AssetType, projectId: ProjectId): Asset {
  const id = `asset-${String(number).padStart(4, "0")}` as AssetId;
  const versionId = `${id}-v1` as VersionId;
  return moved(
    {
      id,
      projectId,
      type,
      origin: "generated",
      name: `Take ${number}`,
      status: "pending",
      rowVersion: 0,
      errorCode: null,
      errorMessage: null,
      currentVersion: {
        id: versionId,
        number: 1,
        status: "pending",
        prompt: number % 2 === 0 ? "a lighthouse at dusk" : "a tram in the rain",
        model: "sim/video",
        params: {},
        inputs: [],
        media: null,
        createdAt: number as EpochMs,
      },
      liveJob: null,
      lastJob: null,
      createdAt: number as EpochMs,
      updatedAt: number as EpochMs,
    },
    "pending",
  );
}

/** The least that changes: enough for filters and for progress to belong to one attempt. */
function moved(asset: Asset, to: Status): Asset {
  const rowVersion = asset.rowVersion + 1;
  const live = to === "pending" || to === "processing";
  return {
    ...asset,
    status: to,
    rowVersion,
    liveJob: !live
      ? null
      : {
          id: `${asset.id}-j${rowVersion}` as JobId,
          versionId: asset.currentVersion.id,
          status: to,
          attempt: 1,
          failures: 0,
          maxFailures: 3,
          phase: to === "pending" ? "queued" : "at_provider",
          nextTryAt: null,
          startedAt: to === "pending" ? null : (rowVersion as EpochMs),
          progress: { kind: "unknown", fraction: null, low: null, high: null },
          queuePosition: null,
          startsIn: null,
          waitingFor: [],
          cancelRequested: false,
          openSubmission: false,
          quote: 6 as Credits,
        },
  };
}
