import type { CheckName } from "../../store/keeping.ts";
import type { Studio } from "../openStudio.ts";

/** What a hand does to the tables once their guards are out of the way; they are back before anybody looks. */
export interface Damage {
  readonly check: CheckName;
  readonly rule: string;
  readonly told: "event" | "reset";
  readonly make: (studio: Studio) => Promise<{ readonly subject: string; readonly sql: string }>;
}

const STILL_OPEN = `UPDATE submission SET state = 'open', outcome = NULL, ended_at = NULL; UPDATE job SET submission = 'open'`;

export const MENDABLE: readonly Damage[] = [
  {
    check: "ledger_sum_wrong",
    rule: "C3",
    told: "reset",
    make: async ({ workspaceId }) => ({ subject: workspaceId, sql: "UPDATE workspace SET balance = balance + 7" }),
  },
  {
    check: "spending_wrong",
    rule: "C5",
    told: "reset",
    make: async (studio) => {
      await studio.made();
      return { subject: studio.workspaceId, sql: "UPDATE workspace SET spent_in_month = spent_in_month - 1" };
    },
  },
  {
    check: "held_sum_wrong",
    rule: "C3",
    told: "reset",
    make: async (studio) => {
      const { assetId } = await studio.create();
      const gone = ["job", "event", "history", "version", "asset"].map(
        (table) => `DELETE FROM ${table} WHERE '${assetId}' IN (${table === "asset" ? "id" : "asset_id"})`,
      );
      const sql = `${gone.join(";")}; UPDATE workspace SET pruned_seq = seq; DELETE FROM event`;
      return { subject: studio.workspaceId, sql };
    },
  },
  {
    check: "ledger_lines_wrong",
    rule: "C2",
    told: "reset",
    make: async (studio) => {
      const { jobId } = await studio.made();
      return { subject: jobId, sql: `DELETE FROM credit_entry WHERE kind = 'capture'` };
    },
  },
  {
    check: "hold_state_wrong",
    rule: "C2",
    told: "event",
    make: async (studio) => {
      const { jobId } = await studio.made();
      return { subject: jobId, sql: "UPDATE job SET hold_state = 'released'" };
    },
  },
  {
    check: "asset_and_version_differ",
    rule: "A2",
    told: "event",
    make: async (studio) => {
      const { assetId } = await studio.made();
      return { subject: assetId, sql: "UPDATE asset SET status = 'pending'" };
    },
  },
  {
    // The bug that this studio was built against: the job said failed, the asset was generating for ever.
    check: "job_and_version_differ",
    rule: "A2",
    told: "event",
    make: async (studio) => {
      const job = await studio.start();
      await studio.fail(job, { retryable: false });
      return {
        subject: job.assetId,
        sql: `UPDATE asset SET status = 'processing', error_code = NULL, error_message = NULL;
          UPDATE version SET status = 'processing'`,
      };
    },
  },
  {
    // No legal step leads from cancelled to processing: two do.
    check: "job_and_version_differ",
    rule: "A2",
    told: "event",
    make: async (studio) => {
      const { assetId } = await studio.start();
      return { subject: assetId, sql: "UPDATE version SET status = 'cancelled'" };
    },
  },
  {
    check: "no_live_job",
    rule: "A1",
    told: "event",
    make: async (studio) => {
      const { assetId } = await studio.start();
      return {
        subject: assetId,
        sql: `DELETE FROM credit_entry WHERE job_id IS NOT NULL; UPDATE workspace SET held = 0;
          UPDATE asset SET job_id = NULL; DELETE FROM job`,
      };
    },
  },
  {
    check: "unknown_live_job",
    rule: "A2",
    told: "event",
    make: async (studio) => {
      const { jobId } = await studio.start();
      return { subject: jobId, sql: "UPDATE asset SET job_id = NULL" };
    },
  },
  {
    check: "current_version_missing",
    rule: "A3",
    told: "event",
    make: async (studio) => {
      const { assetId } = await studio.made();
      return { subject: assetId, sql: "UPDATE asset SET current_version_id = 'nobody'" };
    },
  },
  {
    check: "made_version_not_shown",
    rule: "A3",
    told: "event",
    make: async (studio) => {
      const { assetId, versionId } = await studio.made();
      await studio.startJob("regenerate", assetId);
      await studio.complete(await studio.claimOne());
      return { subject: assetId, sql: `UPDATE asset SET current_version_id = '${versionId}'` };
    },
  },
  {
    check: "failure_unexplained",
    rule: "A4",
    told: "event",
    make: async (studio) => {
      const job = await studio.start();
      await studio.fail(job, { retryable: false });
      return { subject: job.assetId, sql: "UPDATE asset SET error_message = ''" };
    },
  },
  {
    check: "waits_for_nothing",
    rule: "A7",
    told: "event",
    make: async (studio) => {
      const source = await studio.start();
      const { jobId } = await studio.create({ inputs: [source.assetId] });
      await studio.complete(source);
      return {
        subject: jobId,
        sql: `UPDATE job SET phase = 'waiting_inputs' WHERE id = '${jobId}';
          INSERT INTO job_input (job_id, version_id) VALUES ('${jobId}', '${source.versionId}')`,
      };
    },
  },
  {
    check: "job_stuck",
    rule: "J6",
    told: "event",
    make: async (studio) => {
      const { jobId } = await studio.start();
      return { subject: jobId, sql: "UPDATE job SET lease_until = NULL" };
    },
  },
  {
    check: "submission_untold",
    rule: "P1",
    told: "event",
    make: async (studio) => {
      const job = await studio.start();
      await studio.openAtProvider(job);
      return { subject: job.jobId, sql: "UPDATE job SET submission = 'none'" };
    },
  },
  {
    check: "submission_outlived",
    rule: "P1",
    told: "event",
    make: async (studio) => {
      const job = await studio.start();
      await studio.openAtProvider(job);
      await studio.complete(job);
      return { subject: job.jobId, sql: STILL_OPEN };
    },
  },
  {
    check: "paid_unrecoverable",
    rule: "P6",
    told: "event",
    make: async (studio) => {
      const job = await studio.start();
      await studio.openAtProvider(job);
      await studio.fail(job, { retryable: false });
      return { subject: job.jobId, sql: "UPDATE job SET recoverable = FALSE" };
    },
  },
  {
    check: "events_not_dense",
    rule: "E1",
    told: "reset",
    make: async (studio) => {
      await studio.made();
      return { subject: studio.workspaceId, sql: "DELETE FROM event WHERE seq = 2" };
    },
  },
  {
    check: "two_live_jobs",
    rule: "J11",
    told: "reset",
    make: async (studio) => {
      const { assetId, jobId } = await studio.start();
      return {
        subject: assetId,
        sql: `DROP INDEX job_live; CREATE TEMP TABLE twin AS SELECT * FROM job WHERE id = '${jobId}';
          UPDATE twin SET id = 'twin', status = 'pending', phase = 'queued'; INSERT INTO job SELECT * FROM twin;
          INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id)
            SELECT workspace_id, at, kind, balance, held, 'twin', asset_id FROM credit_entry WHERE kind = 'hold';
          UPDATE workspace SET held = held * 2`,
      };
    },
  },
];

/** What rows cannot tell, and what is therefore told and left as it is. */
export const NOT_MENDABLE: readonly Omit<Damage, "told">[] = [
  {
    check: "media_not_whole",
    rule: "A5",
    make: async (studio) => {
      const { versionId } = await studio.made();
      return { subject: versionId, sql: "UPDATE version SET poster_key = NULL" };
    },
  },
  {
    check: "two_submissions",
    rule: "P1",
    make: async (studio) => {
      const job = await studio.start();
      await studio.openAtProvider(job);
      return {
        subject: job.jobId,
        sql: `DROP INDEX submission_alive; CREATE TEMP TABLE twin AS SELECT * FROM submission;
          UPDATE twin SET id = 'twin', client_ref = 'twin'; INSERT INTO submission SELECT * FROM twin`,
      };
    },
  },
  {
    // Whether the provider cancelled it, or goes on and charges for it, no row tells.
    check: "submission_outlived",
    rule: "P1",
    make: async (studio) => {
      const job = await studio.start();
      await studio.openAtProvider(job);
      await studio.cancel(job.assetId);
      await studio.store.settle({ jobId: job.jobId, attempt: job.attempt, ends: "cancelled" });
      return { subject: job.jobId, sql: STILL_OPEN };
    },
  },
  {
    // Completed is for ever: nothing may turn a version that was shown as made into one that was not.
    check: "asset_and_version_differ",
    rule: "A2",
    make: async (studio) => {
      const job = await studio.start();
      await studio.fail(job, { retryable: false });
      return { subject: job.assetId, sql: "UPDATE asset SET status = 'completed'" };
    },
  },
  {
    check: "ledger_sum_wrong",
    rule: "C3",
    make: async (studio) => {
      await studio.made();
      return { subject: studio.workspaceId, sql: "DELETE FROM credit_entry WHERE kind = 'grant'" };
    },
  },
  {
    check: "ledger_lines_wrong",
    rule: "C2",
    make: async (studio) => {
      const { jobId } = await studio.made();
      return { subject: jobId, sql: "UPDATE credit_entry SET held = held + 1 WHERE kind = 'hold'" };
    },
  },
  {
    check: "ledger_lines_wrong",
    rule: "C2",
    make: async (studio) => {
      const { jobId } = await studio.made();
      return {
        subject: jobId,
        sql: `INSERT INTO credit_entry (workspace_id, at, kind, balance, held, job_id, asset_id)
          SELECT workspace_id, at, kind, balance, held, job_id, asset_id FROM credit_entry WHERE kind = 'capture'`,
      };
    },
  },
];
