import { join } from "node:path";
import { MediaOwned } from "./MediaOwned.ts";
import type { S3Settings } from "./s3/S3Settings.ts";
import type { Storage } from "./Storage.ts";

interface Place {
  readonly dataDir: string;
  readonly s3: S3Settings | null;
}

/**
 * What a studio's rows do not refer to is collected, so two studios in one folder or under one prefix would take each other's
 * media away. At its first start a studio writes its name there, and where another's stands it does not start. The name is
 * that of its rows (`Store.studioName`): it goes where they go, so a studio that moved to another database finds its own.
 *
 * Gives the storage as whoever collects may have it: the mark is looked at before each listing, so that of two studios that wrote
 * theirs at the same moment, which both start, the one whose mark is gone never takes anything away. The other does.
 */
export async function ownMedia(storage: Storage, studio: string, place: Place): Promise<Storage> {
  if ((await storage.owner()) === null) await storage.setOwner(studio);
  await refuseOthers(storage, studio, place);
  return {
    ...storage,
    list: async function* () {
      await refuseOthers(storage, studio, place);
      yield* storage.list();
    },
  };
}

async function refuseOthers(storage: Storage, studio: string, place: Place): Promise<void> {
  const owner = await storage.owner();
  if (owner !== studio) throw new MediaOwned(explain(owner ?? "nobody any more", studio, place));
}

function explain(owner: string, studio: string, { dataDir, s3 }: Place): string {
  const two = `the studio "${owner}", and the database belongs to the studio "${studio}". What one does not refer to it would collect of the other.`;
  return s3 === null
    ? `${join(dataDir, "media")} holds the media of ${two} Set DATA_DIR to another folder, or STORAGE_URL to a bucket. If that other ` +
        `studio is gone for good and nothing of it is wanted, remove the file ${join(dataDir, "media", "owner")}.`
    : `STORAGE_URL s3://${s3.bucket}/${s3.prefix} holds the media of ${two} Set STORAGE_URL to a prefix of its own, as ` +
        `s3://${s3.bucket}/another. If that other studio is gone for good and nothing of it is wanted, remove the object ${s3.prefix}owner.`;
}
