import { stat } from "node:fs/promises";
import { asDataUri } from "../asDataUri.ts";
import { ReplicateFlaw } from "./ReplicateFlaw.ts";

/**
 * What Replicate's own client sends within a request at most. Its documentation advises to upload what is larger than 256 kB first;
 * an upload before the call would widen the window in which a stopped process could pay twice (docs/decisions/009).
 */
const MOST_BYTES = 10_000_000;

/** Reference pictures as `data:` addresses. Rejects with what is wrong with them; nothing was sent then, for certain (P2). */
export async function picturesOf(paths: readonly string[]): Promise<readonly string[]> {
  try {
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    if (sizes.reduce((sum, size) => sum + size, 0) <= MOST_BYTES) return await Promise.all(paths.map(asDataUri));
  } catch (cause) {
    throw new ReplicateFlaw(
      {
        code: "storage_failed",
        message: "A reference picture could not be read.",
        detail: String(cause),
        retryable: true,
        notAccepted: true,
      },
      { cause },
    );
  }
  throw new ReplicateFlaw({
    code: "invalid_input",
    message: "The reference picture is larger than the 10 MB that Replicate takes; choose a smaller one.",
    retryable: false,
    notAccepted: true,
  });
}
