import { StoreUnavailable } from "../StoreUnavailable.ts";
import { Undo } from "../commands/createAssets.ts";
import { leavingDependants } from "../commands/leavingDependants.ts";
import { isOfRows, withoutContradictions } from "./contradictions.ts";
import type { SetAside } from "../aside/openAside.ts";
import type { Desk } from "../commands/Desk.ts";
import type { StoreOutcome } from "../store/people.ts";
import type { GroupCommit } from "./openGroupCommit.ts";
import type { Session } from "./Session.ts";

/** A method of the Store, made of what one transaction does. */
type Method<Q, T> = (request: Q) => Promise<T>;

/** The kinds of transactions that the methods of the Store are. */
export interface Transactions {
  /** A transaction that answers a refusal has written nothing. */
  readonly write: <Q, T>(command: (session: Session, request: Q) => T) => Method<Q, T>;
  /** A command that is answered with what it decided. */
  readonly decide: <Q, T>(command: (desk: Desk, request: Q) => T) => Method<Q, T>;
  /** A command that may end a job, and does so too where what waits for that job cannot follow. */
  readonly end: <Q, T>(command: (session: Session, request: Q) => T) => Method<Q, T>;
  /** The same for a command that is answered with what it decided. */
  readonly endAttempt: <Q, T>(command: (desk: Desk, request: Q) => T) => Method<Q, T>;
  /** A command that goes through many, of which none stops the others. */
  readonly each: <T>(during: SetAside["during"], command: (session: Session) => T) => Promise<T>;
  /** A command that is undone when it has to be refused after it has begun to write. */
  readonly allOrNothing: <T>(work: () => StoreOutcome<T>) => Promise<StoreOutcome<T>>;
  readonly read: <Q, T>(view: (session: Session, request: Q) => T) => Method<Q, T>;
  /** Several statements that see one moment. */
  readonly seeOneMoment: <T>(look: () => T) => T;
}

export function openTransactions(session: Session, group: GroupCommit): Transactions {
  const { db, aside } = session;
  const leaving: Session = { ...session, desk: leavingDependants(session.desk) };
  const snapshot = db.transaction((look: () => unknown) => look());

  const seeOneMoment = <T>(look: () => T): T => snapshot.deferred(look) as T;

  function end<Q, T>(command: (session: Session, request: Q) => T): Method<Q, T> {
    return async (request) => {
      try {
        return await group.run(() => command(session, request));
      } catch (error) {
        if (error instanceof StoreUnavailable || !isOfRows(error)) throw error;
        return group.run(() => command(leaving, request));
      }
    };
  }

  return {
    write: (command) => (request) => group.run(() => command(session, request)),
    decide: (command) => (request) => group.run(() => command(session.desk, request)),
    end,
    endAttempt: (command) => end(({ desk }, request) => command(desk, request)),
    each: (during, command) =>
      withoutContradictions(aside, during, (again) => group.run(() => command(again ? leaving : session))),
    allOrNothing: async (work) => {
      try {
        return await group.run(work);
      } catch (error) {
        if (error instanceof Undo) return error.refusal;
        throw error;
      }
    },
    read: (view) => async (request) => seeOneMoment(() => view(session, request)),
    seeOneMoment,
  };
}
