import { legalTransitions } from "@reelstate/lifecycle";
import type { ErrorCode, Status } from "@reelstate/lifecycle";
import type { AssetRecord, JobRecord, VersionRecord } from "../../rows/records.ts";
import type { Session } from "../Session.ts";

type Reason = { readonly code: ErrorCode; readonly message: string };

const UNEXPLAINED: Reason = { code: "internal", message: "What went wrong was not written down." };

/** Why it failed: what the job says, else that nobody knows. */
export function reasonOf(job: JobRecord | undefined): Reason {
  const { errorCode, errorMessage } = job ?? {};
  return errorCode && errorMessage ? { code: errorCode, message: errorMessage } : UNEXPLAINED;
}

/** Moves an asset's row to a status by legal transitions alone; false when no such way leads there. */
export function assetFollows(session: Session, asset: AssetRecord, to: Status, why: Reason): boolean {
  const way = wayBetween("asset", asset.status, to);
  if (way === null) return false;
  const step = session.db.prepare(
    `UPDATE asset SET status = ?, error_code = ?, error_message = ?, row_version = row_version + 1, updated_at = ? WHERE id = ?`,
  );
  for (const status of way) {
    const said = status === "failed" ? why : { code: null, message: null };
    step.run(status, said.code, said.message, session.now(), asset.id);
  }
  return true;
}

/** The same for a version, which completes only with the media it has. */
export function versionFollows(session: Session, version: VersionRecord, to: Status): boolean {
  if (to === "completed" && version.mediaKey === null) return false;
  const way = wayBetween("version", version.status, to);
  for (const status of way ?? []) session.sql.updateVersion.run(status, version.id);
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
