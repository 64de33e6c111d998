import { durationMs } from "@reelstate/lifecycle";
import { StorageError } from "./StorageError.ts";
import type { DurationMs } from "@reelstate/lifecycle";
import type { StorageFlaw } from "./StorageError.ts";

/** Nobody makes room, or mends a network, within a second or two: the tries that are left would be spent for nothing. */
const REPAIR_WAIT_MS = durationMs(10_000);
const TAKES_REPAIR: ReadonlySet<StorageFlaw> = new Set(["full", "unreachable", "denied"]);

/** How long to leave storage alone after it failed like this, before the next try. */
export function retryWait(error: unknown): { readonly retryAfterMs?: DurationMs } {
  return error instanceof StorageError && TAKES_REPAIR.has(error.reason) ? { retryAfterMs: REPAIR_WAIT_MS } : {};
}
