import { mediaIsValid } from "./mediaIsValid.ts";
import { REFUSED } from "./refused.ts";
import type { Decision } from "./decision.ts";
import type { UploadEvent } from "./events.ts";

/** An upload is born completed, without job or hold; its media is held to what a completed version must have (A5). */
export function uploadAsset(event: UploadEvent): Decision {
  if (!mediaIsValid(event.media)) return REFUSED.media_invalid;
  return {
    ok: true,
    next: {
      asset: {
        id: event.assetId,
        origin: "uploaded",
        status: "completed",
        currentVersionId: event.versionId,
        errorCode: null,
        errorMessage: null,
        rowVersion: 1,
        deletedAt: null,
      },
      version: { id: event.versionId, number: 1, status: "completed", hasMedia: true },
      job: null,
      hold: null,
    },
    ledger: null,
    record: {
      event: "upload",
      from: null,
      to: "completed",
      jobId: null,
      versionId: event.versionId,
      attempt: 0,
      jobFrom: null,
      jobTo: null,
    },
  };
}
