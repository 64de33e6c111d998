import { createAssets, quoteAssets } from "./createAssets.ts";
import { invalid, NOT_FOUND, outside, whereKept, whereRead } from "./refusals.ts";
import { startAgain } from "./startAgain.ts";
import type { Caller, ModelCard, Outcome, Project, ProviderPorts, StudioPorts } from "@reelstate/api";
import type { Asset, AssetId, ProjectId } from "@reelstate/lifecycle";
import type { Listed } from "../providers/openCatalogue.ts";
import type { CommandDeps } from "./CommandDeps.ts";

/** What a studio may be put together without. */
export interface MorePorts {
  readonly health?: StudioPorts["health"];
  readonly providers?: ProviderPorts;
}

/** The studio as the routers ask for it: commands for what changes something, the store's views for what does not. */
export function createPorts(
  deps: CommandDeps,
  feed: StudioPorts["feed"],
  { health = null, providers }: MorePorts = {},
): StudioPorts {
  const { store } = deps;
  return {
    feed,
    health,
    settings: {
      budget: {
        get: ({ workspaceId }) => whereRead(store.budget({ workspaceId })),
        set: ({ workspaceId }, { day, month }) =>
          whereKept(
            store
              .setBudget({
                workspaceId,
                ...(day === undefined ? {} : { day }),
                ...(month === undefined ? {} : { month }),
              })
              .then((value) => ({ ok: true, value })),
          ),
      },
      providers: providers ?? null,
    },
    assets: {
      quote: (caller, input) => whereRead(quoteAssets(deps, caller, input)),
      create: (caller, input) => whereKept(createAssets(deps, caller, input)),
      start: (caller, request) => whereKept(startAgain(deps, caller, request)),
      list: async ({ workspaceId }, { projectId, status, type, search, cursor, limit }) => {
        if (cursor !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(cursor))
          return invalid("cursor", "is not one of ours; start without it");
        const page = store.listAssets({
          workspaceId,
          limit,
          ...(projectId === undefined ? {} : { projectId }),
          ...(status === undefined ? {} : { status }),
          ...(type === undefined ? {} : { type }),
          ...(search === undefined ? {} : { search }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        return { ok: true, value: await whereRead(page) };
      },
      get: async ({ workspaceId }, assetId) => {
        const asset = await whereRead(store.getAsset({ workspaceId, assetId }));
        return asset === null ? NOT_FOUND : { ok: true, value: asset };
      },
      history: async ({ workspaceId }, assetId) => {
        const [transitions, versions] = await whereRead(
          Promise.all([store.assetHistory({ workspaceId, assetId }), store.assetVersions({ workspaceId, assetId })]),
        );
        return transitions === null || versions === null ? NOT_FOUND : { ok: true, value: { transitions, versions } };
      },
      cancel: (caller, job) => whereKept(cancel(caller, job)),
      delete: (caller, assetId) => whereKept(deleteAsset(caller, assetId)),
    },
    jobs: {
      list: ({ workspaceId }, { status, limit }) =>
        whereRead(store.listJobs({ workspaceId, limit, ...(status === undefined ? {} : { status }) })),
    },
    models: { list: async () => deps.catalogue.models.map(modelCard) },
    projects: {
      list: ({ workspaceId }) => whereRead(store.listProjects({ workspaceId })),
      create: (caller, { name }) => whereKept(createProject(caller, name)),
    },
    credits: {
      summary: ({ workspaceId }) => whereRead(store.creditSummary({ workspaceId })),
      entries: ({ workspaceId }, { limit, before }) =>
        whereRead(store.creditEntries({ workspaceId, limit, ...(before === undefined ? {} : { before }) })),
    },
  };

  async function cancel(
    { workspaceId }: Caller,
    { id, jobId }: Parameters<StudioPorts["assets"]["cancel"]>[1],
  ): Promise<Outcome<Asset>> {
    const outcome = await store.cancel({ workspaceId, assetId: id, jobId });
    return outcome.ok ? { ok: true, value: outcome.asset } : outside(outcome);
  }

  async function deleteAsset({ workspaceId }: Caller, assetId: AssetId): Promise<Outcome<{ readonly id: AssetId }>> {
    const outcome = await store.deleteAsset({ workspaceId, assetId });
    return outcome.ok ? { ok: true, value: { id: outcome.assetId } } : outside(outcome);
  }

  async function createProject({ workspaceId }: Caller, name: string): Promise<Outcome<Project>> {
    return { ok: true, value: await store.createProject({ workspaceId, id: deps.newId<ProjectId>(), name }) };
  }
}

function modelCard({ offer, provider }: Listed): ModelCard {
  const { id, name, type, description, aspectRatios, resolutions, durationsMs, maxInputs, progress, cancel } = offer;
  const from = offer.price({ durationMs: durationsMs?.default });
  return {
    id,
    name,
    provider: provider.name,
    providerLabel: provider.label ?? provider.name,
    type,
    description,
    aspectRatios,
    resolutions,
    durationsMs,
    maxInputs,
    progress,
    cancel,
    from,
  };
}
