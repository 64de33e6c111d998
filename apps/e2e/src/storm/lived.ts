import { applyStep, sampleAsset } from "@reelstate/lifecycle/testing";
import type { Asset } from "@reelstate/lifecycle";
import type { Step } from "@reelstate/lifecycle/testing";

/** An asset that has gone through these steps, as the studio answers it. */
export function lived(...steps: readonly Step[]): Asset {
  let rows: ReturnType<typeof applyStep>["rows"] = null;
  for (const step of steps) ({ rows } = applyStep(rows, step));
  if (rows === null) throw new Error("A create makes an asset.");
  return sampleAsset(rows);
}
