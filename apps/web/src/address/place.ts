import type { AssetType, ProjectId, Status } from "@reelstate/lifecycle";

/** What part of the library is shown; all of it is in the address, so that it can be kept and shared. */
export type Place = {
  readonly project?: ProjectId;
  readonly type?: AssetType;
  readonly status?: Status;
  readonly q?: string;
};

/** The same place as `assets.list` asks for it. */
export function listFilter({ project, type, status, q }: Place) {
  const search = q?.trim() ?? "";
  return {
    ...(project === undefined ? {} : { projectId: project }),
    ...(type === undefined ? {} : { type }),
    ...(status === undefined ? {} : { status }),
    ...(search === "" ? {} : { search }),
  };
}
