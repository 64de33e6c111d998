import { advance } from "@reelstate/lifecycle";
import { readAssets } from "../reads/readAssets.ts";
import { mediaFacts } from "../../rows/mediaFacts.ts";
import { projectOf } from "./createAssets.ts";
import { recordEvent } from "../writeDecision.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { AddUpload } from "../../store/people.ts";
import type { Session } from "../Session.ts";

/** An asset born completed, without job or hold. */
export function addUpload(session: Session, upload: AddUpload): Asset {
  const { workspaceId, assetId, versionId, media } = upload;
  const at = session.now();
  const projectId = projectOf(session, workspaceId, upload.projectId);
  if (projectId === null) throw new Error(`There is no project ${upload.projectId} in workspace ${workspaceId}.`);
  const decision = advance(null, { type: "upload", at, assetId, versionId, media: mediaFacts(upload.type, media) });
  if (!decision.ok) throw new Error(`An upload that cannot be: ${decision.why}.`);
  const { next, record } = decision;
  session.sql.insertAsset.run({
    ...next.asset,
    workspaceId,
    projectId,
    name: upload.name,
    type: upload.type,
    jobId: null,
    at,
  });
  session.sql.insertVersion.run({
    ...media,
    id: versionId,
    assetId,
    number: next.version.number,
    status: next.version.status,
    prompt: "",
    model: "",
    params: "{}",
    inputs: "[]",
    at,
  });
  if (record !== null) recordEvent(session, { workspaceId, assetId, at }, decision, record);
  const [asset] = readAssets(session, workspaceId, [assetId]);
  if (asset === undefined) throw new Error(`Upload ${assetId} was not written.`);
  return asset;
}
