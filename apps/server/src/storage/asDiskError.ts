import { isDiskFull } from "./isDiskFull.ts";
import { StorageError } from "./StorageError.ts";

/** What the system says of a folder of ours, in our own words. */
export function asDiskError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  return isDiskFull(error)
    ? new StorageError("full", "There is no space left where the studio keeps its media.", { cause: error })
    : new StorageError("broken", "The studio's media folder refused a write.", { cause: error });
}

/** What fails here is the studio's folder; what fails elsewhere in a `put` is the source, and stays what it is. */
export async function ours<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asDiskError(error);
  }
}
