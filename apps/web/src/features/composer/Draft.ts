import type { Asset, AssetId, AssetType } from "@reelstate/lifecycle";

/** A reference picture, with what is needed to show it. */
export interface DraftInput {
  readonly assetId: AssetId;
  readonly name: string;
  readonly thumbUrl: string | null;
}

/** An asset, and the references that its version has: left as they are, they stay the very versions it was made from (A7). */
export interface VersionOf extends Pick<Asset, "id" | "rowVersion" | "name"> {
  readonly inputs: readonly AssetId[];
}

/** What stands in the composer. Choices that a model does not offer are kept for the next model that does. */
export interface Draft {
  readonly prompt: string;
  readonly type: AssetType;
  readonly models: Readonly<Partial<Record<AssetType, string>>>;
  readonly aspectRatio: string | null;
  readonly resolution: string | null;
  readonly durationMs: number | null;
  readonly count: number;
  /** As typed. */
  readonly seed: string;
  readonly slate: boolean;
  readonly inputs: readonly DraftInput[];
  /** The asset of which a new version is written; null for something new. */
  readonly versionOf: VersionOf | null;
  readonly expanded: boolean;
}

export const EMPTY_DRAFT: Draft = {
  prompt: "",
  type: "image",
  models: {},
  aspectRatio: null,
  resolution: null,
  durationMs: null,
  count: 1,
  seed: "",
  slate: false,
  inputs: [],
  versionOf: null,
  expanded: false,
};
