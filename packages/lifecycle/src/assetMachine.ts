import { and, assign, setup } from "xstate";
import { ASSET_EFFECTS } from "./assetEffects.ts";
import { ASSET_GUARDS } from "./assetGuards.ts";
import type { AssetEffect } from "./assetEffects.ts";
import type { AssetContext, AssetEvent, AssetGuard } from "./assetGuards.ts";

const AGAIN = and(["notDeleted", "idle", "generated", "triesLastAgain", "affordable"]);
const ANEW = and(["notDeleted", "idle", "generated", "namesNewVersion", "affordable"]);
const TAKE_UP = and(["notDeleted", "idle", "generated", "recoverable", "triesLastAgain", "affordable"]);

const START_OVER = {
  retry: { guard: AGAIN, target: "pending", actions: "startOver" },
  regenerate: { guard: ANEW, target: "pending", actions: "startOver" },
  recover: { guard: TAKE_UP, target: "pending", actions: "startOver" },
} as const;

/**
 * The life of one asset. It follows the job that makes its current version; once completed it stays so, whatever
 * becomes of later versions (A6), and is not deleted from its state: `deletedAt` is a column, because a deleted asset's
 * job may still have to end (A8).
 *
 * `cancel` is only let through here (or not, when deleted); the job decides what becomes of the wish.
 */
export const assetMachine = setup({
  types: { context: {} as AssetContext, events: {} as AssetEvent, input: {} as AssetContext },
  guards: machineGuards(),
  actions: machineAssignments(),
}).createMachine({
  id: "asset",
  context: ({ input }) => input,
  initial: "pending",
  on: {
    cancel: { guard: "notDeleted", actions: "allowWish" },
    delete: { guard: "notDeleted", actions: "bury" },
  },
  states: {
    pending: {
      on: {
        job_pending: { guard: "makesCurrent", target: "pending", actions: "follow" },
        job_processing: { guard: "makesCurrent", target: "processing", actions: "follow" },
        job_failed: { guard: "makesCurrent", target: "failed", actions: "keepError" },
        job_cancelled: { guard: "makesCurrent", target: "cancelled", actions: "follow" },
      },
    },
    processing: {
      on: {
        job_processing: { guard: "makesCurrent", target: "processing", actions: "follow" },
        job_pending: { guard: "makesCurrent", target: "pending", actions: "follow" },
        job_completed: { guard: "makesCurrent", target: "completed", actions: "showCompleted" },
        job_failed: { guard: "makesCurrent", target: "failed", actions: "keepError" },
        job_cancelled: { guard: "makesCurrent", target: "cancelled", actions: "follow" },
      },
    },
    completed: {
      on: {
        job_pending: { actions: "startBeside" },
        job_processing: { actions: "startBeside" },
        job_failed: { actions: "startBeside" },
        job_cancelled: { actions: "startBeside" },
        job_completed: { actions: "showCompleted" },
        retry: { guard: AGAIN, actions: "startBeside" },
        regenerate: { guard: ANEW, actions: "startBeside" },
        recover: { guard: TAKE_UP, actions: "startBeside" },
      },
    },
    failed: { on: START_OVER },
    cancelled: { on: START_OVER },
  },
});

interface Args {
  readonly context: AssetContext;
  readonly event: AssetEvent;
}

function machineGuards(): { [K in AssetGuard]: (args: Args) => boolean } {
  return Object.fromEntries(
    Object.entries(ASSET_GUARDS).map(([name, guard]) => [name, ({ context, event }: Args) => guard(context, event)]),
  ) as { [K in AssetGuard]: (args: Args) => boolean };
}

function assignmentOf(effect: (context: AssetContext, event: never) => Partial<AssetContext["asset"]>) {
  return assign<AssetContext, AssetEvent, undefined, AssetEvent, never>(({ context, event }) => ({
    asset: { ...context.asset, ...effect(context, event as never), rowVersion: context.asset.rowVersion + 1 },
  }));
}

function machineAssignments(): { [K in AssetEffect]: ReturnType<typeof assignmentOf> } {
  return Object.fromEntries(Object.entries(ASSET_EFFECTS).map(([name, effect]) => [name, assignmentOf(effect)])) as {
    [K in AssetEffect]: ReturnType<typeof assignmentOf>;
  };
}
