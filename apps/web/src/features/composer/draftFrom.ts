import type { Asset } from "@reelstate/lifecycle";
import type { Draft, DraftInput } from "./Draft.ts";

/** The draft of something new with the words and settings of an asset. */
export function draftLike(draft: Draft, { type, currentVersion }: Asset): Draft {
  const { prompt, model, params } = currentVersion;
  return {
    ...draft,
    ...settingsOf(params),
    prompt,
    type,
    models: { ...draft.models, [type]: model },
    versionOf: null,
    expanded: true,
  };
}

/** The draft of a new version of an asset: the same model and references, other words. */
export function draftOfVersion(draft: Draft, asset: Asset): Draft {
  const { id, rowVersion, name, currentVersion } = asset;
  return {
    ...draftLike(draft, asset),
    seed: typeof currentVersion.params.seed === "number" ? String(currentVersion.params.seed) : "",
    // What they are called and look like by now, the composer asks.
    inputs: currentVersion.inputs.map(({ assetId }) => ({ assetId, name: "", thumbUrl: null })),
    versionOf: { id, rowVersion, name, inputs: currentVersion.inputs.map(({ assetId }) => assetId) },
  };
}

/** The draft with an asset's picture as reference, and the oldest reference left out where there are too many. */
export function draftWithInput(draft: Draft, input: DraftInput, atMost: number): Draft {
  const others = draft.inputs.filter(({ assetId }) => assetId !== input.assetId);
  return { ...draft, inputs: [...others, input].slice(-Math.max(1, atMost)), expanded: true };
}

export function inputFrom({ id, name, currentVersion }: Asset): DraftInput {
  return { assetId: id, name, thumbUrl: currentVersion.media?.thumbUrl ?? null };
}

function settingsOf({ aspectRatio, resolution, durationMs, ...others }: Asset["currentVersion"]["params"]) {
  return {
    ...(aspectRatio === undefined ? {} : { aspectRatio }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(durationMs === undefined ? {} : { durationMs }),
    slate: others["slate"] === true,
  };
}
