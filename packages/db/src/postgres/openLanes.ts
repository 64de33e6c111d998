import { StoreUnavailable } from "../StoreUnavailable.ts";
import { leavingDependants } from "../commands/leavingDependants.ts";
import { isOfRows } from "./contradictions.ts";
import { NotAtHand, together } from "./desk/Needs.ts";
import { openDesk } from "./desk/openDesk.ts";
import { readRows } from "./desk/readRows.ts";
import { writeDraft } from "./desk/writeDraft.ts";
import { Again } from "./openTransactions.ts";
import type { Desk } from "../commands/Desk.ts";
import type { Needs } from "./desk/Needs.ts";
import type { Session } from "./Session.ts";

/** What one command has to have read before it decides, and its decision: run again, from the beginning, as often as it takes. */
export interface Command<T> {
  readonly needs: Needs;
  readonly decide: (desk: Desk) => T;
}

/**
 * Commands, gathered: whoever writes events of a workspace locks its row until the flush, so that those asked for while another is
 * being flushed are done together in the next transaction, and one flush keeps them all. One lane for each workspace, one
 * transaction at a time in each. A command that throws harms no other: it has written nothing but in memory. Where the
 * database itself refuses, each is done again by itself, and only the one that it refuses is told so. One that ends a job ends it
 * too where what waits for that job cannot follow, which is then left to the sweep.
 */
export interface Lanes {
  readonly run: <T>(lane: string, command: Command<T>) => Promise<T>;
}

interface Pending {
  readonly command: Command<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** How long a transaction may become, and with it the wait of whoever comes right after it began. */
const TOGETHER_AT_MOST = 48;

export function openLanes(session: Session, { soon }: { readonly soon: (callback: () => void) => void }): Lanes {
  const lanes = new Map<string, Pending[]>();

  async function follow(lane: string, waiting: Pending[]): Promise<void> {
    while (waiting.length > 0) await runTogether(waiting.splice(0, TOGETHER_AT_MOST));
    lanes.delete(lane);
  }

  async function runTogether(group: readonly Pending[]): Promise<void> {
    try {
      const outcomes = await runCommands(
        session,
        group.map(({ command }) => command),
      );
      for (const [at, pending] of group.entries()) {
        const outcome = outcomes[at];
        if (outcome?.ok === true) pending.resolve(outcome.value as never);
        else await runLeaving(pending, outcome?.error);
      }
    } catch (error) {
      if (group.length > 1 && !(error instanceof StoreUnavailable)) for (const one of group) await runTogether([one]);
      else for (const pending of group) await runLeaving(pending, error);
    }
  }

  async function runLeaving({ command: { needs, decide }, resolve, reject }: Pending, error: unknown): Promise<void> {
    if (needs.ends !== true || !isOfRows(error)) return reject(error);
    try {
      const [outcome] = await runCommands(session, [{ needs, decide: (desk) => decide(leavingDependants(desk)) }]);
      if (outcome?.ok === true) resolve(outcome.value as never);
      else reject(outcome?.error);
    } catch (again) {
      reject(again);
    }
  }

  return {
    run: <T>(lane: string, command: Command<T>) =>
      new Promise<T>((resolve, reject) => {
        const pending: Pending = { command, resolve, reject };
        const waiting = lanes.get(lane);
        if (waiting !== undefined) return void waiting.push(pending);
        const begun = [pending];
        lanes.set(lane, begun);
        soon(() => void follow(lane, begun));
      }),
  };
}

async function runCommands(session: Session, commands: readonly Command<unknown>[]): Promise<readonly Outcome[]> {
  let needs = commands.map((command) => command.needs);
  const { outcomes, told } = await session.db.write(async (transaction) => {
    const read = await readRows(transaction, session.clock(), together(needs));
    const memory = openDesk(read);
    const lacking: Needs[] = [];
    const decided = commands.map(({ decide }): Outcome => {
      try {
        return { ok: true, value: memory.run(decide) };
      } catch (error) {
        if (error instanceof NotAtHand) lacking.push(error.needs);
        return { ok: false, error };
      }
    });
    if (lacking.length > 0) {
      needs = [...needs, ...lacking];
      throw new Again("Not everything that is needed was locked.");
    }
    const draft = memory.draft();
    const { freed } = await writeDraft(transaction, draft);
    return { outcomes: decided, told: { feed: draft.told.feed, work: draft.told.work || freed } };
  });
  if (told.feed || told.work) session.wake(told);
  return outcomes;
}
