import type { ErrorCode } from "./errorCodes.ts";
import type { AssetRows } from "./rows.ts";

const CODE: ErrorCode = "provider_unavailable";
const MESSAGE = "The request never reached the provider.";

/**
 * The rows of a failed job once it is learnt that its request never arrived: there is nothing to recover, and asking again costs
 * once (P2, P6). Null where that changes nothing. Evidence and no event: the job has ended and stays failed (J8); what is known
 * of why is mended, on the asset's row too where it tells of this job (A4).
 */
export function neverArrived({ asset, job, ...rows }: AssetRows): AssetRows | null {
  if (job === null || job.status !== "failed" || job.submission !== "intended") return null;
  const known = { errorCode: CODE, errorMessage: MESSAGE };
  const saysIt = asset.status === "failed" && asset.errorCode === "unconfirmed_submit";
  return {
    ...rows,
    asset: { ...asset, ...(saysIt ? known : {}), rowVersion: asset.rowVersion + 1 },
    job: {
      ...job,
      ...(job.errorCode === "unconfirmed_submit" ? known : {}),
      submission: "none",
      recoverable: false,
    },
  };
}
