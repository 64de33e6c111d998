import { setTimeout as delay } from "node:timers/promises";
import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { isMissing } from "./asS3Error.ts";
import type { S3Client } from "@aws-sdk/client-s3";

/**
 * Several processes may work with one bucket, and S3 cannot delete an object "unless it was put again". So whoever collects
 * a file leaves a mark first, looks at the file's age once more, deletes it, and takes the mark away. Whoever puts a file
 * looks for a mark afterwards, waits until there is none, and then looks whether its file is there.
 *
 * Requests see what earlier ones did. A put whose look finds no mark came before the mark, and then the collector's second
 * look sees a young file; or it looks after the mark was taken away, and then sees what became of its file.
 *
 * A collector may be stopped after its second look, for longer than anybody waits; so it deletes only soon after its mark. It
 * leaves the mark where it does not know whether its deletion arrived. What this leaves open is a deletion that is longer on
 * its way than a mark is minded.
 */
export interface Marks {
  readonly set: (key: string) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
  /** Resolves when nobody is about to take the file of this key away. */
  readonly untilNone: (key: string, signal: AbortSignal) => Promise<void>;
}

export interface MarkTimes {
  /** How long after its mark a deletion may begin, and how long it may take. */
  readonly deleteWithinMs: number;
  /** How long one and the same mark is minded: one that stays longer is nobody's any more. */
  readonly mindedMs: number;
}

export const MARK_TIMES: MarkTimes = { deleteWithinMs: 10_000, mindedMs: 60_000 };

const LOOK_EVERY_MS = 250;

/** Marks are empty objects in a folder of their own. */
export function openMarks(
  client: S3Client,
  { bucket, folder }: { readonly bucket: string; readonly folder: string },
  { mindedMs }: MarkTimes,
): Marks {
  const nameOf = (key: string) => ({ Bucket: bucket, Key: `${folder}${key}` });

  async function ageOf(key: string): Promise<number | null> {
    try {
      const { LastModified } = await client.send(new HeadObjectCommand(nameOf(key)));
      return LastModified?.getTime() ?? 0;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async function remove(key: string): Promise<void> {
    await client.send(new DeleteObjectCommand(nameOf(key)));
  }

  return {
    set: async (key) => {
      await client.send(new PutObjectCommand({ ...nameOf(key), Body: "" }));
    },
    remove,
    untilNone: async (key, signal) => {
      let since = performance.now();
      for (let seen = await ageOf(key); seen !== null;) {
        await delay(LOOK_EVERY_MS, undefined, { signal });
        const now = await ageOf(key);
        if (now !== seen) since = performance.now();
        else if (performance.now() - since > mindedMs) return remove(key);
        seen = now;
      }
    },
  };
}
