import { toProgress } from "./toAsset.ts";
import type { AssetId, EpochMs, JobId, Phase, WorkspaceId } from "@reelstate/lifecycle";
import type { LiveProgress } from "../../Store.ts";
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
      progress: toProgress(session, { fraction, model, status: "processing" }),
    })),
    queue: {
      waiting: Number(session.sql.countWaiting.get({ workspaceId })),
      line: session.sql.line.all(workspaceId) as AssetId[],
    },
  };
}
