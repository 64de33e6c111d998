import { advance } from "@reelstate/lifecycle";
import { mediaFacts } from "../rows/mediaFacts.ts";
import { projectOf } from "./createAssets.ts";
import { recordEvent } from "./writeDecision.ts";
import type { AddUpload } from "../store/people.ts";
import type { AssetParts } from "../rows/toAsset.ts";
import type { Desk } from "./Desk.ts";

/** An asset born completed, without job or hold. */
export function addUpload(desk: Desk, upload: AddUpload): AssetParts {
  const { workspaceId, assetId, versionId, name, type, media } = upload;
  const at = desk.now();
  const projectId = projectOf(desk, workspaceId, upload.projectId);
  if (projectId === null) throw new Error(`There is no project ${upload.projectId} in workspace ${workspaceId}.`);
  const decision = advance(null, { type: "upload", at, assetId, versionId, media: mediaFacts(type, media) });
  if (!decision.ok) throw new Error(`An upload that cannot be: ${decision.why}.`);
  const { next, record } = decision;
  const { key: mediaKey, ...files } = media;
  const { number, status } = next.version;
  const made: AssetParts = {
    asset: { ...next.asset, workspaceId, projectId, name, type, jobId: null, createdAt: at, updatedAt: at },
    version: {
      ...files,
      mediaKey,
      id: versionId,
      assetId,
      number,
      status,
      prompt: "",
      model: "",
      params: {},
      inputs: [],
      costMicros: null,
      costBasis: null,
      createdAt: at,
    },
    job: null,
  };
  desk.insertAsset(made.asset);
  desk.insertVersion(made.version);
  if (record !== null) recordEvent(desk, { workspaceId, assetId, at }, decision, record);
  return made;
}
