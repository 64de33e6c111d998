import type { Asset, AssetId, AssetType } from "@reelstate/lifecycle";

/** A reference picture, with what is needed to show it. */
export interface DraftInput {
  readonly assetId: AssetId;
  readonly name: string;
  readonly thumbUrl: string | null;
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
  readonly versionOf: Pick<Asset, "id" | "rowVersion" | "name"> | null;
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
