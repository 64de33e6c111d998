import { setup } from "xstate";
import type { FollowEvent } from "./assetGuards.ts";

/**
 * One making of an asset. It follows the job that makes it, status for status (A2); `again` is the new job of a retry or
 * a recovery.
 */
export const versionMachine = setup({
  types: { events: {} as Pick<FollowEvent, "type"> | { readonly type: "again" } },
}).createMachine({
  id: "version",
  initial: "pending",
  states: {
    pending: {
      on: {
        job_pending: { target: "pending" },
        job_processing: { target: "processing" },
        job_failed: { target: "failed" },
        job_cancelled: { target: "cancelled" },
      },
    },
    processing: {
      on: {
        job_processing: { target: "processing" },
        job_pending: { target: "pending" },
        job_completed: { target: "completed" },
        job_failed: { target: "failed" },
        job_cancelled: { target: "cancelled" },
      },
    },
    completed: { type: "final" },
    failed: { on: { again: { target: "pending" } } },
    cancelled: { on: { again: { target: "pending" } } },
  },
});
