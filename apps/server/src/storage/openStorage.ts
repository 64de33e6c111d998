import { join } from "node:path";
import { folderStorage, openFolderStorage } from "./openFolderStorage.ts";
import type { S3Settings } from "./s3/S3Settings.ts";
import type { Storage } from "./Storage.ts";

interface Place {
  readonly dataDir: string;
  /** Null: a folder in `dataDir`. */
  readonly s3: S3Settings | null;
}

interface WritablePlace extends Place {
  /** A folder of this process alone, for what is on its way. */
  readonly workDir: string;
}

/**
 * Where media is kept, ready to be written to. What speaks S3 is large, and loaded only where there is a bucket. Throws
 * `BucketUnusable`.
 */
export async function openStorage({ dataDir, s3, workDir }: WritablePlace): Promise<Storage> {
  if (s3 === null) return openFolderStorage(join(dataDir, "media"));
  const { openS3Storage, proveBucket } = await import("./s3/s3.ts");
  const storage = await openS3Storage(s3, { workDir: join(workDir, "s3") });
  return proved(storage, () => proveBucket(storage, s3));
}

/** The same, for whoever only looks: nothing is made there, and nothing tidied away (K1). */
export async function readStorage({ dataDir, s3 }: Place): Promise<Storage> {
  if (s3 === null) return folderStorage(join(dataDir, "media"));
  const { s3Storage, proveReadable } = await import("./s3/s3.ts");
  const storage = s3Storage(s3, { workDir: join(dataDir, "work", "s3") });
  return proved(storage, () => proveReadable(storage, s3));
}

async function proved(storage: Storage, prove: () => Promise<void>): Promise<Storage> {
  try {
    await prove();
    return storage;
  } catch (error) {
    await storage.close();
    throw error;
  }
}
