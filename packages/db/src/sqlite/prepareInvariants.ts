import { ofOneWorkspace, questionForAll, toFindings } from "../invariants/toFindings.ts";
import type { EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { Database } from "better-sqlite3";
import type { Finding } from "../store/keeping.ts";
import type { BrokenRow } from "../invariants/toFindings.ts";

/** Asks for every invariant that rows can show: of all workspaces, or of one. The answer is empty when all hold. */
export function prepareInvariants(
  db: Database,
): (now: EpochMs, scope?: { readonly workspaceId: WorkspaceId }) => readonly Finding[] {
  const everywhere = once(() => db.prepare(questionForAll()));
  const inOne = once(() => db.prepare(`${ofOneWorkspace((name) => `main.${name}`)} ${questionForAll()}`));
  return (now, scope) =>
    toFindings(
      (scope === undefined
        ? everywhere().all({ 1: now })
        : inOne().all({ 1: now, 2: scope.workspaceId })) as BrokenRow[],
    );
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
