import { receivePicture } from "../media/receivePicture.ts";
import { StorageError } from "../storage/StorageError.ts";
import { invalid, refusedFile, whereKept, whereRead } from "./refusals.ts";
import type { TakeUpload } from "../http/receiveUploads.ts";
import type { MediaShelf } from "../media/openMediaShelf.ts";
import type { CommandDeps } from "./CommandDeps.ts";

/** A person's picture becomes an asset, whole or not at all. */
export function createTakeUpload(deps: CommandDeps, shelf: MediaShelf): TakeUpload {
  return async ({ workspaceId }, { bytes, name, projectId }) => {
    const projects = await whereRead(deps.store.listProjects({ workspaceId }));
    if (projectId !== undefined && !projects.some(({ id }) => id === projectId))
      return invalid("projectId", "there is no such project");
    const received = await receivePicture(shelf, bytes).catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
      return error.reason === "full"
        ? refusedFile("disk_full", "The studio's disk is full; nothing was kept. Whoever runs it can make room.")
        : refusedFile("not_kept", "The studio could not keep the file. Try again.");
    });
    if (!received.ok) return received;
    const kept = deps.store.addUpload({
      workspaceId,
      projectId: projectId ?? null,
      assetId: deps.newId(),
      versionId: deps.newId(),
      type: "image",
      name: name ?? "Picture",
      media: received.media,
    });
    return whereKept(kept.then((asset) => ({ ok: true, value: asset })));
  };
}
