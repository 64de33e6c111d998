import {
  completeAttempt,
  failAttempt,
  handBackAttempt,
  intendSubmission,
  reportProgress,
  settleAttempt,
} from "../../commands/attemptCommands.ts";
import { endSubmission, openSubmission } from "../../commands/submissionCommands.ts";
import { QUIET } from "../openLanes.ts";
import { heartbeat } from "./heartbeat.ts";
import type { SubmissionId } from "@reelstate/lifecycle";
import type { Desk } from "../../commands/Desk.ts";
import type { Store } from "../../Store.ts";
import type { AttemptRef } from "../../store/attempts.ts";
import type { Lanes } from "../openLanes.ts";
import type { Session } from "../Session.ts";
import type { WorkspacesOfJobs } from "./openWorkspacesOfJobs.ts";

type AttemptCommands = Pick<
  Store,
  | "heartbeat"
  | "progress"
  | "complete"
  | "fail"
  | "handBack"
  | "settle"
  | "intendSubmission"
  | "openSubmission"
  | "endSubmission"
>;

/** What a worker tells of its attempts, each in the lane of its job's workspace. */
export function attemptCommands(session: Session, lanes: Lanes, workspaces: WorkspacesOfJobs): AttemptCommands {
  /** A command that may end the job. */
  function ending<Q extends AttemptRef, T>(command: (desk: Desk, request: Q) => T): (request: Q) => Promise<T> {
    return async (request) =>
      lanes.run(await workspaces.laneOf(request.jobId), {
        needs: { jobs: [request.jobId], ends: true },
        decide: (desk) => command(desk, request),
      });
  }
  /** Evidence, which may make a failed job recoverable and is then told. */
  function evidence<Q extends { readonly submissionId: SubmissionId }>(
    command: (desk: Desk, request: Q) => void,
  ): (request: Q) => Promise<void> {
    return async (request) =>
      lanes.run(await workspaces.laneOfSubmission(request.submissionId), {
        needs: { submissions: [request.submissionId] },
        decide: (desk) => command(desk, request),
      });
  }

  return {
    heartbeat: (request) => heartbeat(session, request),
    progress: (request) =>
      lanes.run(QUIET, {
        needs: { jobs: [request.jobId], looks: true },
        decide: (desk) => reportProgress(desk, request),
      }),
    complete: ending(completeAttempt),
    fail: ending(failAttempt),
    handBack: ending(handBackAttempt),
    settle: ending(settleAttempt),
    intendSubmission: (request) =>
      lanes.run(QUIET, {
        needs: { jobs: [request.jobId], looks: true },
        decide: (desk) => intendSubmission(desk, request),
      }),
    openSubmission: evidence(openSubmission),
    endSubmission: evidence(endSubmission),
  };
}
