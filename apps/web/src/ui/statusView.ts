import { epochMs, viewOf } from "@reelstate/lifecycle";
import type { Asset, AssetId, AssetView, Language, ProjectId, Status, VersionId } from "@reelstate/lifecycle";

/** Tone, icon and word of a bare status, asked of `viewOf` like everything else (U6). */
export function statusView(status: Status, language: Language): Pick<AssetView, "tone" | "icon" | "label"> {
  return viewOf({ ...UNKNOWN, status }, language);
}

const NEVER = epochMs(0);

/** An asset of which nothing but the status is known. */
const UNKNOWN: Asset = {
  id: "" as AssetId,
  projectId: "" as ProjectId,
  type: "image",
  origin: "generated",
  name: "",
  status: "pending",
  rowVersion: 0,
  errorCode: null,
  errorMessage: null,
  currentVersion: {
    id: "" as VersionId,
    number: 1,
    status: "pending",
    prompt: "",
    model: "",
    params: {},
    inputs: [],
    media: null,
    createdAt: NEVER,
  },
  liveJob: null,
  lastJob: null,
  createdAt: NEVER,
  updatedAt: NEVER,
};
