import { refusalOf, trpc } from "../../trpc.ts";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { DraftInput } from "./Draft.ts";

export interface ReferenceState {
  /** Null until it is known, and when it is gone. */
  readonly asset: Asset | null;
  /** Why it cannot be a reference: deleted, or never made. */
  readonly flaw: "gone" | "notMade" | null;
}

/** What became of the draft's references since they were chosen; the live feed keeps it true. */
export function useReferenceStates(inputs: readonly DraftInput[]): ReadonlyMap<AssetId, ReferenceState> {
  const answers = trpc.useQueries((ask) => inputs.map(({ assetId }) => ask.assets.get({ id: assetId })));
  return new Map(
    inputs.map(({ assetId }, index): readonly [AssetId, ReferenceState] => {
      const { data = null, error = null } = answers[index] ?? {};
      if (refusalOf(error)?.why === "not_found") return [assetId, { asset: null, flaw: "gone" }];
      const notMade = data !== null && (data.status === "failed" || data.status === "cancelled");
      return [assetId, { asset: data, flaw: notMade ? "notMade" : null }];
    }),
  );
}
