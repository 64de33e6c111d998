import { asDataUri } from "../hosted/asDataUri.ts";
import { readPictures } from "../hosted/readPictures.ts";

/**
 * What Replicate's own client sends within a request at most. Its documentation advises to upload what is larger than 256 kB first;
 * an upload before the call would widen the window in which a stopped process could pay twice (docs/decisions/009).
 */
const MOST_BYTES = 10_000_000;

/** Reference pictures as `data:` addresses. */
export async function picturesOf(paths: readonly string[]): Promise<readonly string[]> {
  return (await readPictures(paths, { who: "Replicate", total: MOST_BYTES })).map(asDataUri);
}
