import { LONGEST_LINE } from "../../rows/startsIn.ts";
import { toProgress } from "../../rows/toAsset.ts";
import { lineOutlook } from "./lineOutlook.ts";
import { BACKOFF, PROCESSING, QUEUED, WAITING_INPUTS } from "../phases.ts";
import { LINES_OF_WORKSPACE } from "./lines.ts";
import type { AssetId, EpochMs, JobId, Phase, WorkspaceId } from "@reelstate/lifecycle";
import type { InLine, LiveProgress } from "../../store/feed.ts";
import type { Connection } from "../Connection.ts";
import type { Reader } from "./Reader.ts";

interface Running {
  readonly assetId: AssetId;
  readonly jobId: JobId;
  readonly attempt: number;
  readonly phase: Phase;
  readonly fraction: number | null;
  readonly model: string;
  readonly progressAt: EpochMs;
}

interface Standing extends Pick<InLine, "assetId" | "place"> {
  readonly model: string;
  readonly provider: string;
}

const RUNNING = `SELECT asset_id AS "assetId", id AS "jobId", attempt, phase, fraction, model,
    COALESCE(progress_at, started_at) AS "progressAt"
  FROM job WHERE workspace_id = $1 AND ${PROCESSING} ORDER BY id`;
/** By their indexes, each of only its own. */
const WAITING = `SELECT (SELECT count(*) FROM job WHERE workspace_id = $1 AND ${QUEUED})
  + (SELECT count(*) FROM job WHERE workspace_id = $1 AND ${BACKOFF})
  + (SELECT count(*) FROM job WHERE workspace_id = $1 AND ${WAITING_INPUTS}) AS waiting`;

/** The latest progress of every processing job, and the line before the workers. */
export async function liveProgress(
  { outlook, offers }: Reader,
  connection: Connection,
  workspaceId: WorkspaceId,
): Promise<LiveProgress> {
  const [running, [count], lines] = await Promise.all([
    connection.rows<Running>(RUNNING, workspaceId),
    connection.rows<{ readonly waiting: number }>(WAITING, workspaceId),
    connection.rows<Standing>(LINES_OF_WORKSPACE, workspaceId, LONGEST_LINE),
  ]);
  // Where a model is no longer offered there is no line: what is left of it is taken up, or fails.
  const standing = lines.filter(({ model }) => offers(model));
  const silent = running.filter(({ fraction }) => fraction === null).map(({ model }) => model);
  const firsts = standing.filter(({ place }) => place === 1);
  const [usual, starts] = await Promise.all([
    outlook.usual(connection, silent),
    lineOutlook(outlook, connection, firsts),
  ]);
  return {
    jobs: running.map(({ fraction, model, ...job }) => ({
      ...job,
      progress: toProgress(fraction, fraction === null ? (usual.get(model) ?? null) : null),
    })),
    queue: {
      waiting: count?.waiting ?? 0,
      line: standing.map(({ assetId, place, ...kind }) => ({ assetId, place, startsIn: starts(kind, place) })),
    },
  };
}
