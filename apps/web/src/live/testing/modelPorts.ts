import { credits, epochMs } from "@reelstate/lifecycle";
import type { BudgetAnswer, Outcome, StartRequest, StudioPorts } from "@reelstate/api";
import type { Asset, AssetId, ProjectId } from "@reelstate/lifecycle";
import type { ModelStudio } from "./modelStudio.ts";

/** The real routers' ports over the model studio, and what they were asked. */
export interface ModelPorts {
  readonly ports: StudioPorts;
  readonly starts: readonly StartRequest[];
  readonly lists: number;
  /** Tells the live streams of what was committed. */
  wake(): void;
  /** Ends the live streams from the studio's side. */
  endStreams(): void;
  readonly streams: number;
}

const NO_BUDGET: BudgetAnswer = {
  day: null,
  month: null,
  spentToday: credits(0),
  spentThisMonth: credits(0),
  held: credits(0),
  dayEndsAt: epochMs(0),
  monthEndsAt: epochMs(0),
};

const PROJECT = "project-a" as ProjectId;

export function modelPorts(studio: ModelStudio): ModelPorts {
  const starts: StartRequest[] = [];
  const waiting = new Set<() => void>();
  let [lists, streams] = [0, 0];
  let ending = new AbortController();
  const wake = () => {
    for (const go of waiting) go();
    waiting.clear();
  };

  function existing(id: AssetId, then: (asset: Asset) => Outcome<Asset>): Outcome<Asset> {
    const asset = studio.get(id);
    return asset === null ? { ok: false, why: "not_found", message: "There is no such asset." } : then(asset);
  }

  const ports: StudioPorts = {
    health: null,
    settings: {
      budget: { get: async () => NO_BUDGET, set: async () => ({ ok: true, value: NO_BUDGET }) },
      providers: null,
    },
    assets: {
      quote: async () => ({ ok: true, value: { total: 6, each: 6 } as never }),
      create: async (_caller, { type, projectId = PROJECT, count = 1 }) => ({
        ok: true,
        value: { assets: Array.from({ length: count }, () => studio.create(type, projectId)) },
      }),
      list: async (_caller, { cursor, limit, projectId, status, type, search }) => {
        lists += 1;
        const filter = {
          ...(projectId && { projectId }),
          ...(status && { status }),
          ...(type && { type }),
          ...(search && { search }),
        };
        return { ok: true, value: studio.list(filter, { cursor, limit }) };
      },
      get: async (_caller, id) => existing(id, (value) => ({ ok: true, value })),
      history: async () => ({ ok: true, value: { transitions: [], versions: [] } }),
      cancel: async (_caller, { id, jobId }) =>
        existing(id, (asset) =>
          asset.liveJob === null || (jobId !== undefined && jobId !== asset.liveJob.id)
            ? { ok: false, why: "already_ended", message: "It has already ended.", asset }
            : { ok: true, value: studio.move(id, "cancelled") },
        ),
      start: async (_caller, request) => {
        starts.push(request);
        return existing(request.id, () => ({ ok: true, value: studio.move(request.id, "pending") }));
      },
      delete: async (_caller, id) => {
        studio.remove(id);
        return { ok: true, value: { id } };
      },
    },
    jobs: { list: async () => [] },
    models: { list: async () => [] },
    projects: {
      list: async () => [],
      create: async () => ({ ok: false, why: "invalid_input", field: "name", message: "name is empty" }),
    },
    credits: { summary: async () => studio.credits, entries: async () => [] },
    feed: {
      async *live(_caller, { after, feedId }, signal) {
        let sent = studio.head;
        const end = ending.signal;
        streams += 1;
        yield* studio.subscribe({ ...(after === null ? {} : { after }), ...(feedId === null ? {} : { feedId }) });
        signal.addEventListener("abort", wake);
        while (!signal.aborted && !end.aborted) {
          yield* studio.itemsAfter(sent);
          sent = studio.head;
          await new Promise<void>((go) => waiting.add(go));
        }
      },
    },
  };

  return {
    ports,
    starts,
    get lists() {
      return lists;
    },
    get streams() {
      return streams;
    },
    endStreams() {
      ending.abort();
      ending = new AbortController();
      wake();
    },
    wake,
  };
}
