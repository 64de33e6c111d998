import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";
import type { EnsureWorkspace } from "../../store/people.ts";
import type { Project } from "../../store/views.ts";
import type { Session } from "../Session.ts";

export function ensureWorkspace(session: Session, { workspaceId, name, project, grant }: EnsureWorkspace): void {
  if (session.sql.workspace.get(workspaceId) !== undefined) return;
  const at = session.now();
  session.sql.insertWorkspace.run({ id: workspaceId, name, balance: grant, at });
  session.sql.insertProject.run({ ...project, workspaceId, at });
  if (grant > 0) {
    session.sql.insertEntry.run({
      workspaceId,
      at,
      kind: "grant",
      balance: grant,
      held: 0,
      jobId: null,
      assetId: null,
    });
  }
}

export function createProject(
  session: Session,
  { workspaceId, id, name }: { readonly workspaceId: WorkspaceId; readonly id: ProjectId; readonly name: string },
): Project {
  const createdAt = session.now();
  session.sql.insertProject.run({ id, name, workspaceId, at: createdAt });
  return { id, name, createdAt };
}
