import { ofOneWorkspace, questionForAll, toFindings } from "../../invariants/toFindings.ts";
import type { EpochMs, WorkspaceId } from "@reelstate/lifecycle";
import type { Finding } from "../../store/keeping.ts";
import type { BrokenRow } from "../../invariants/toFindings.ts";
import type { Connection } from "../Connection.ts";
import type { Reader } from "../reads/Reader.ts";

const EVERYWHERE = questionForAll();
const IN_ONE = `${ofOneWorkspace((name) => name)} ${questionForAll()}`;

/** Asks for every invariant that rows can show: of all workspaces, or of one. The answer is empty when all hold. */
export async function checkInvariants(
  { clock }: Pick<Reader, "clock">,
  connection: Connection,
  scope: { readonly workspaceId: WorkspaceId } | undefined,
): Promise<readonly Finding[]> {
  // It reads every row there is, and takes as long as that takes.
  await connection.run("SET LOCAL statement_timeout = 0");
  const now = await clockOf(connection, clock());
  return toFindings(
    scope === undefined
      ? await connection.rows<BrokenRow>(EVERYWHERE, now)
      : await connection.rows<BrokenRow>(IN_ONE, now, scope.workspaceId),
  );
}

export async function clockOf(connection: Connection, clock: string): Promise<EpochMs> {
  const [row] = await connection.rows<{ readonly now: EpochMs }>(`SELECT ${clock} AS now`);
  if (row === undefined) throw new Error("The database did not answer.");
  return row.now;
}
