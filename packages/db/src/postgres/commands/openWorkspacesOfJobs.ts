import type { JobId, SubmissionId, WorkspaceId } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";

/** In whose lane a job's commands go: whoever works on it speaks of the job alone. */
export interface WorkspacesOfJobs {
  readonly laneOf: (jobId: JobId) => Promise<string>;
  readonly laneOfSubmission: (submissionId: SubmissionId) => Promise<string>;
  readonly remember: (jobId: JobId, workspaceId: WorkspaceId) => void;
}

const REMEMBERED = 10_000;
/** Of what is not there: its command will say so. */
const NOWHERE = "nowhere";

export function openWorkspacesOfJobs(session: Session): WorkspacesOfJobs {
  // A job never changes its workspace.
  const known = new Map<JobId, WorkspaceId>();

  function remember(jobId: JobId, workspaceId: WorkspaceId): void {
    if (known.size >= REMEMBERED) known.clear();
    known.set(jobId, workspaceId);
  }

  async function find(sql: string, id: string): Promise<string> {
    const [found] = await session.db.read(({ rows }) =>
      rows<{ readonly jobId: JobId; readonly workspaceId: WorkspaceId }>(sql, id),
    );
    if (found === undefined) return NOWHERE;
    remember(found.jobId, found.workspaceId);
    return found.workspaceId;
  }

  return {
    remember,
    laneOf: async (jobId) =>
      known.get(jobId) ?? find(`SELECT id AS "jobId", workspace_id AS "workspaceId" FROM job WHERE id = $1`, jobId),
    laneOfSubmission: (submissionId) =>
      find(
        `SELECT j.id AS "jobId", j.workspace_id AS "workspaceId" FROM submission s JOIN job j ON j.id = s.job_id WHERE s.id = $1`,
        submissionId,
      ),
  };
}
