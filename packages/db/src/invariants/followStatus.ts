import { legalTransitions } from "@reelstate/lifecycle";
import { rows } from "./Mending.ts";
import type { EpochMs, ErrorCode, Status } from "@reelstate/lifecycle";
import type { Mending } from "./Mending.ts";
import type { RecordedAsset, RecordedJob, RecordedVersion } from "./recorded.ts";

type Reason = { readonly code: ErrorCode; readonly message: string };

/** Where an asset's row is to be led, and why, should that be failed. */
interface Following {
  readonly to: Status;
  readonly why: Reason;
  readonly at: EpochMs;
}

const UNEXPLAINED: Reason = { code: "internal", message: "What went wrong was not written down." };

/** Why it failed: what the job says, else that nobody knows. */
export function reasonOf(job: RecordedJob | undefined): Reason {
  const { errorCode, errorMessage } = job ?? {};
  return errorCode && errorMessage ? { code: errorCode, message: errorMessage } : UNEXPLAINED;
}

/** Moves an asset's row to a status by legal transitions alone; false when no such way leads there. */
export function* assetFollows(asset: RecordedAsset, { to, why, at }: Following): Mending<boolean> {
  const way = wayBetween("asset", asset.status, to);
  if (way === null) return false;
  for (const status of way) {
    const said = status === "failed" ? why : { code: null, message: null };
    yield* rows(
      `UPDATE asset SET status = $1, error_code = $2, error_message = $3, row_version = row_version + 1, updated_at = $4
       WHERE id = $5`,
      status,
      said.code,
      said.message,
      at,
      asset.id,
    );
  }
  return true;
}

/** The same for a version, which completes only with the media it has. */
export function* versionFollows(version: RecordedVersion, to: Status): Mending<boolean> {
  if (to === "completed" && version.mediaKey === null) return false;
  const way = wayBetween("version", version.status, to);
  for (const status of way ?? []) yield* rows("UPDATE version SET status = $1 WHERE id = $2", status, version.id);
  return way !== null;
}

/** The statuses to pass through, the last one included; null when there is no legal way. */
function wayBetween(row: "asset" | "version", from: Status, to: Status): readonly Status[] | null {
  const edges = legalTransitions()[row];
  const ways = new Map<Status, readonly Status[]>([[from, []]]);
  for (const [status, way] of ways) {
    if (status === to) return way;
    for (const [at, next] of edges) if (at === status && !ways.has(next)) ways.set(next, [...way, next]);
  }
  return null;
}
