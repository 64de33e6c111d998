import { INVARIANTS } from "../../invariants/invariants.ts";
import { questionForOne } from "../../invariants/toFindings.ts";
import { sqlState } from "../postgresFailure.ts";
import { clockOf } from "./checkInvariants.ts";
import { mendSchema, schemaDamage } from "./schemaDamage.ts";
import type { EpochMs, JobId } from "@reelstate/lifecycle";
import type { Desk } from "../../commands/Desk.ts";
import type { Broken, Invariant } from "../../invariants/Invariant.ts";
import type { Mending } from "../../invariants/Mending.ts";
import type { Mended, MendRequest } from "../../store/keeping.ts";
import type { Connection } from "../Connection.ts";
import type { Session } from "../Session.ts";

/** Runs a command that may move a job, as workers' commands are run. */
export type MoveJob = <T>(jobId: JobId, command: (desk: Desk) => T) => Promise<T>;

/** Undoes the transaction of a mend that did not do what it should. */
class NotMended extends Error {
  override readonly name = "NotMended";
}

/** Asked again, mended, and asked once more (K1). */
export async function mend(session: Session, moveJob: MoveJob, request: MendRequest): Promise<Mended> {
  if (request.check === "schema_changed") return mendGuard(session, request.subject);
  const invariant = INVARIANTS.find(({ name }) => name === request.check);
  if (invariant === undefined) return "cannot";
  try {
    return invariant.move === undefined
      ? await mendRows(session, invariant, request.subject)
      : await mendJob(session, moveJob, { ...invariant, move: invariant.move, subject: request.subject });
  } catch (error) {
    // The guards of the tables may refuse one, and that is an answer.
    if (error instanceof NotMended || sqlState(error).startsWith("23")) return "cannot";
    throw error;
  }
}

function mendGuard({ db }: Session, name: string): Promise<Mended> {
  return db.write(async (connection): Promise<Mended> => {
    const damage = (await schemaDamage(connection)).find((one) => one.name === name);
    if (damage === undefined) return "gone";
    return (await mendSchema(connection, damage)) ? "mended" : "cannot";
  });
}

/** In one transaction, which holds everything that the mend may write. */
async function mendRows(session: Session, invariant: Invariant, subject: string): Promise<Mended> {
  const mended = await session.db.write(async (connection): Promise<Mended> => {
    const at = await clockOf(connection, session.clock());
    const seen = await stillBroken(connection, invariant, { subject, at });
    if (seen === null) return "gone";
    await lock(connection, seen);
    const broken = await stillBroken(connection, invariant, { subject, at });
    if (broken === null) return "gone";
    if (invariant.mend === undefined || !(await carriedOut(connection, invariant.mend(broken, at))))
      throw new NotMended();
    if ((await stillBroken(connection, invariant, { subject, at })) !== null) throw new NotMended();
    return "mended";
  });
  if (mended === "mended") session.wake({ feed: true, work: true });
  return mended;
}

async function mendJob(
  session: Session,
  moveJob: MoveJob,
  { subject, move, ...invariant }: Invariant & Pick<Required<Invariant>, "move"> & Pick<MendRequest, "subject">,
): Promise<Mended> {
  const ask = (): Promise<Broken | null> =>
    session.db.read(async (connection) =>
      stillBroken(connection, invariant, { subject, at: await clockOf(connection, session.clock()) }),
    );
  const broken = await ask();
  if (broken === null) return "gone";
  const moved = await moveJob(subject as JobId, (desk) => move(desk, broken));
  if ((await ask()) !== null) return "cannot";
  // Between the question and the lock others may have gone on with it.
  return moved ? "mended" : "gone";
}

async function stillBroken(
  connection: Connection,
  invariant: Invariant,
  { subject, at }: { readonly subject: string; readonly at: EpochMs },
): Promise<Broken | null> {
  const [broken] = await connection.rows<Broken>(questionForOne(invariant), at, subject);
  return broken ?? null;
}

/** In the order in which everybody locks. */
async function lock(connection: Connection, { assetId, workspaceId }: Broken): Promise<void> {
  if (assetId !== null) {
    await connection.rows(
      `SELECT 1 FROM job WHERE version_id IN (SELECT id FROM version WHERE asset_id = $1) ORDER BY id FOR NO KEY UPDATE`,
      assetId,
    );
    await connection.rows("SELECT 1 FROM version WHERE asset_id = $1 ORDER BY id FOR NO KEY UPDATE", assetId);
    await connection.rows("SELECT 1 FROM asset WHERE id = $1 FOR NO KEY UPDATE", assetId);
  }
  await connection.rows("SELECT 1 FROM workspace WHERE id = $1 FOR NO KEY UPDATE", workspaceId);
}

async function carriedOut<T>(connection: Connection, mending: Mending<T>): Promise<T> {
  let step = mending.next();
  while (step.done !== true) step = mending.next(await connection.rows(step.value.sql, ...step.value.values));
  return step.value;
}
