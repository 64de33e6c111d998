import type { ModelCard } from "@reelstate/api";
import type { CreateRequest } from "../../live/useStudioActions.ts";
import type { AssetId, ProjectId } from "@reelstate/lifecycle";
import type { Draft, DraftInput } from "./Draft.ts";

const LARGEST_SEED = 4_294_967_295;

/** What the draft comes to with the model that would make it: each choice the model's own, or its default. */
export interface Settings {
  readonly model: ModelCard;
  readonly aspectRatio: string | null;
  readonly resolution: string | null;
  readonly durationMs: number | null;
  readonly seed: number | null;
  readonly seedIsWrong: boolean;
  readonly slate: boolean | null;
  readonly count: number;
}

export function settingsOf(draft: Draft, model: ModelCard): Settings {
  const seed = draft.seed.trim() === "" ? null : Number(draft.seed);
  const seedIsWrong = seed !== null && !(Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED);
  return {
    model,
    aspectRatio: oneOf(model.aspectRatios, draft.aspectRatio),
    resolution: oneOf(model.resolutions, draft.resolution),
    durationMs: lengthOf(draft, model),
    seed: seedIsWrong ? null : seed,
    seedIsWrong,
    slate: hasSlate(model) ? draft.slate : null,
    count: draft.versionOf === null ? draft.count : 1,
  };
}

/** The model chosen for this kind, or the first that makes it. */
export function modelOf({ models: chosen, type }: Draft, models: readonly ModelCard[]): ModelCard | null {
  const makers = models.filter((model) => model.type === type);
  return makers.find(({ id }) => id === chosen[type]) ?? makers[0] ?? null;
}

/** Only our own renderer writes a slate on the picture. */
function hasSlate({ id }: ModelCard): boolean {
  return id.startsWith("local/");
}

export function requestOf(draft: Draft, settings: Settings, projectId: ProjectId | undefined): CreateRequest {
  const inputs = usedInputs(draft, settings).map(({ assetId }) => assetId);
  return {
    type: draft.type,
    prompt: draft.prompt.trim(),
    model: settings.model.id,
    params: paramsOf(settings),
    count: settings.count,
    ...(inputs.length === 0 ? {} : { inputs }),
    ...(projectId === undefined ? {} : { projectId }),
  };
}

/** The references that the model will look at. */
export function usedInputs(draft: Draft, { model }: Settings): readonly DraftInput[] {
  return draft.inputs.slice(0, model.maxInputs);
}

/** References other than the version has; null where they are left as they were. */
export function otherInputs(draft: Draft, settings: Settings): readonly AssetId[] | null {
  const ids = usedInputs(draft, settings).map(({ assetId }) => assetId);
  const before = draft.versionOf?.inputs ?? [];
  return ids.length === before.length && ids.every((id, index) => id === before[index]) ? null : ids;
}

export function paramsOf({ aspectRatio, resolution, durationMs, seed, slate }: Settings) {
  return {
    ...(aspectRatio === null ? {} : { aspectRatio }),
    ...(resolution === null ? {} : { resolution }),
    ...(durationMs === null ? {} : { durationMs }),
    ...(seed === null ? {} : { seed }),
    ...(slate === null ? {} : { slate }),
  };
}

function lengthOf({ durationMs }: Draft, { durationsMs }: ModelCard): number | null {
  if (durationsMs === null) return null;
  return Math.min(durationsMs.max, Math.max(durationsMs.min, durationMs ?? durationsMs.default));
}

function oneOf(offered: readonly string[], wanted: string | null): string | null {
  return wanted !== null && offered.includes(wanted) ? wanted : (offered[0] ?? null);
}
