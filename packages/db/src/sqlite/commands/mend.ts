import Sqlite from "better-sqlite3";
import { INVARIANTS } from "../../invariants/invariants.ts";
import { questionForOne } from "../../invariants/toFindings.ts";
import { runMending } from "../runMending.ts";
import { mendSchema, schemaDamage } from "../schemaDamage.ts";
import type { Mended, MendRequest } from "../../store/keeping.ts";
import type { Broken, Invariant } from "../../invariants/Invariant.ts";
import type { Session } from "../Session.ts";

/** Undoes the transaction of a mend that did not do what it should. */
class NotMended extends Error {
  override readonly name = "NotMended";
}

/** Asked again, mended, and asked once more, all in the one transaction; throws what `mendedOr` understands (K1). */
export function mend(session: Session, request: MendRequest): Mended {
  if (request.check === "schema_changed") return mendGuard(session, request.subject);
  const invariant = INVARIANTS.find(({ name }) => name === request.check);
  if (invariant === undefined) return "cannot";
  const broken = stillBroken(session, invariant, request.subject);
  if (broken === null) return "gone";
  if (!isMended(session, invariant, broken)) throw new NotMended();
  if (stillBroken(session, invariant, request.subject) !== null) throw new NotMended();
  return "mended";
}

/** What a mend that threw has come to: the guards of the tables may refuse one, and that is an answer. */
export function mendedOr(error: unknown): Mended {
  const refused = error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_CONSTRAINT");
  if (error instanceof NotMended || refused) return "cannot";
  throw error;
}

function mendGuard({ db }: Session, name: string): Mended {
  if (schemaDamage(db).every((one) => one.name !== name)) return "gone";
  if (!mendSchema(db, name)) throw new NotMended();
  return "mended";
}

function isMended(session: Session, { mend, move }: Invariant, broken: Broken): boolean {
  if (move !== undefined) return move(session.desk, broken);
  if (mend === undefined || !runMending(session.db, mend(broken, session.now()))) return false;
  session.changed.feed = true;
  session.changed.work = true;
  return true;
}

function stillBroken({ db, now }: Session, invariant: Invariant, subject: string): Broken | null {
  return (db.prepare(questionForOne(invariant)).get({ 1: now(), 2: subject }) as Broken | undefined) ?? null;
}
