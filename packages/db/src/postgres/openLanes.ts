import { StoreUnavailable } from "../StoreUnavailable.ts";
import { leavingDependants } from "../commands/leavingDependants.ts";
import { isOfRows } from "./contradictions.ts";
import { NotAtHand, together } from "./desk/Needs.ts";
import { openDesk } from "./desk/openDesk.ts";
import { readRows } from "./desk/readRows.ts";
import { writeDraft } from "./desk/writeDraft.ts";
import { Again } from "./openTransactions.ts";
import { isLocked } from "./postgresFailure.ts";
import type { WorkspaceId } from "@reelstate/lifecycle";
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
 * transaction at a time in each. Few transactions are under way at once, and what comes meanwhile is gathered over workspaces, too:
 * a hundred that each want one thing cost hardly more than one that wants a hundred. A command that throws harms no other: it has
 * written nothing but in memory. Where the database itself refuses, each is done again by itself, and only the one that it
 * refuses is told so; where a lock is waited for in vain, each lane is tried by itself. One that ends a job ends it too where what
 * waits for that job cannot follow, which is then left to the sweep.
 */
export interface Lanes {
  readonly run: <T>(lane: string, command: Command<T>) => Promise<T>;
}

/** The lane of what writes no event, and so needs no workspace: nobody in it waits for a workspace's row. */
export const QUIET = "quiet";

interface Pending {
  readonly lane: string;
  readonly command: Command<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** How long a transaction may become, and with it the wait of whoever comes right after it began. */
const TOGETHER_AT_MOST = 48;
/** More would not be faster: the server's processors are few, and each has its own share of work however little it carries. */
const UNDER_WAY_AT_MOST = 4;

export function openLanes(session: Session, { soon }: { readonly soon: (callback: () => void) => void }): Lanes {
  /** What has not begun, by lane; the lane that has waited longest first. */
  const waiting = new Map<string, Pending[]>();
  const taken = new Set<string>();
  let underWay = 0;
  let called = false;

  function go(): void {
    called = false;
    while (underWay < UNDER_WAY_AT_MOST) {
      const group = next();
      if (group.length === 0) return;
      const lanes = new Set(group.map(({ lane }) => lane));
      underWay += 1;
      for (const lane of lanes) taken.add(lane);
      void runTogether(group).then(() => {
        underWay -= 1;
        for (const lane of lanes) taken.delete(lane);
        go();
      });
    }
  }

  /** Of as many free lanes as there is room for; what is left of one stands behind the others, and there is no more room then. */
  function next(): readonly Pending[] {
    const group: Pending[] = [];
    for (const [lane, pending] of waiting) {
      if (group.length >= TOGETHER_AT_MOST) break;
      if (taken.has(lane) || (group[0] !== undefined && (lane === QUIET) !== (group[0].lane === QUIET))) continue;
      group.push(...pending.splice(0, TOGETHER_AT_MOST - group.length));
      waiting.delete(lane);
      if (pending.length > 0) waiting.set(lane, pending);
    }
    return group;
  }

  /** Whoever asked has been told; comes back with what refused all of them, if anything did. */
  async function runTogether(group: readonly Pending[]): Promise<unknown> {
    let outcomes: readonly Outcome[];
    try {
      outcomes = await runCommands(session, group);
    } catch (error) {
      await runApart(group, error);
      return error;
    }
    for (const [at, pending] of group.entries()) {
      const outcome = outcomes[at];
      if (outcome?.ok === true) pending.resolve(outcome.value as never);
      else await runLeaving(pending, outcome?.error);
    }
    return null;
  }

  async function runApart(group: readonly Pending[], error: unknown): Promise<void> {
    const lanes = [...Map.groupBy(group, laneOf).values()];
    if (isLocked(error) && lanes.length > 1) await runLanes(lanes, error);
    else if (group.length > 1 && !(error instanceof StoreUnavailable))
      for (const one of group) await runTogether([one]);
    else for (const pending of group) await runLeaving(pending, error);
  }

  /** One of them waits for a row that somebody else keeps; where a second one does, all would, and all have waited enough. */
  async function runLanes(lanes: readonly (readonly Pending[])[], error: unknown): Promise<void> {
    let locked = 0;
    for (const lane of lanes) {
      if (locked > 1) for (const { reject } of lane) reject(error);
      else if (isLocked(await runTogether(lane))) locked += 1;
    }
  }

  async function runLeaving(pending: Pending, error: unknown): Promise<void> {
    const { command, resolve, reject } = pending;
    const { needs, decide } = command;
    if (needs.ends !== true || !isOfRows(error)) return reject(error);
    try {
      const leaving: Command<unknown> = { needs, decide: (desk) => decide(leavingDependants(desk)) };
      const [outcome] = await runCommands(session, [{ ...pending, command: leaving }]);
      if (outcome?.ok === true) resolve(outcome.value as never);
      else reject(outcome?.error);
    } catch (again) {
      reject(again);
    }
  }

  return {
    run: <T>(lane: string, command: Command<T>) =>
      new Promise<T>((resolve, reject) => {
        const pending: Pending = { lane, command, resolve, reject };
        const before = waiting.get(lane);
        if (before === undefined) waiting.set(lane, [pending]);
        else before.push(pending);
        // What else is asked for in the same moment goes with it.
        if (!called) soon(go);
        called = true;
      }),
  };
}

/** What is quiet is of one job, whoever's that is. */
function laneOf({ lane, command }: Pending): string {
  return lane === QUIET ? `${QUIET} ${command.needs.jobs?.join(" ")}` : lane;
}

async function runCommands(session: Session, group: readonly Pending[]): Promise<readonly Outcome[]> {
  const commands = group.map(({ command }) => command);
  let needs = commands.map((command) => command.needs);
  const { outcomes, told } = await session.db.write(async (transaction) => {
    const read = await readRows(transaction, session.clock(), together([...needs, lockedTogether(group, needs)]));
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

/**
 * A workspace is locked where its credits are read, or else where its events are numbered, which is later. Of several in one
 * transaction all are locked in the first place, by id like everything: else two processes could each hold what the other wants.
 */
function lockedTogether(group: readonly Pending[], needs: readonly Needs[]): Needs {
  const lanes = new Set(group.map(({ lane }) => lane));
  const some = needs.some(({ workspaces = [] }) => workspaces.length > 0);
  return { looks: true, workspaces: lanes.size > 1 && some ? ([...lanes] as WorkspaceId[]) : [] };
}
