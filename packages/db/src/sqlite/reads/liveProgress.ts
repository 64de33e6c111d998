import { LONGEST_LINE } from "../../rows/startsIn.ts";
import { toProgress } from "../../rows/toAsset.ts";
import { placeStartsIn } from "./placeInLine.ts";
import { usualRunTime } from "./usualRunTime.ts";
import type { AssetId, EpochMs, JobId, Phase, WorkspaceId } from "@reelstate/lifecycle";
import type { InLine, LiveProgress } from "../../store/feed.ts";
import type { QueuedLine } from "../../rows/startsIn.ts";
import type { Session } from "../Session.ts";

interface Running {
  readonly assetId: AssetId;
  readonly jobId: JobId;
  readonly attempt: number;
  readonly phase: Phase;
  readonly fraction: number | null;
  readonly model: string;
  readonly progressAt: EpochMs;
}

/** The latest progress of every processing job, and the line before the workers. */
export function liveProgress(session: Session, workspaceId: WorkspaceId): LiveProgress {
  const running = session.sql.running.all(workspaceId) as Running[];
  return {
    jobs: running.map(({ fraction, model, ...job }) => ({
      ...job,
      progress: toProgress(fraction, fraction === null ? usualRunTime(session, model) : null),
    })),
    queue: {
      waiting: Number(session.sql.countWaiting.get({ workspaceId })),
      line: lineOf(session, workspaceId),
    },
  };
}

/** The first of every model's line. Where a model is no longer offered there is none: what is left of it is taken up, or fails. */
function lineOf(session: Session, workspaceId: WorkspaceId): readonly InLine[] {
  const lines = session.sql.queuedLines.all() as readonly QueuedLine[];
  return lines
    .filter((line) => line.workspaceId === workspaceId && session.offers(line.model))
    .flatMap(({ model, provider }) =>
      (session.sql.lineOf.all(workspaceId, model, LONGEST_LINE) as AssetId[]).map((assetId, index) => ({
        assetId,
        place: index + 1,
        startsIn: placeStartsIn(session, { model, provider }, index + 1),
      })),
    );
}
