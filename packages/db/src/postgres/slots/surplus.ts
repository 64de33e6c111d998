/*
 * A limit that became smaller takes nothing away, so for a while more is held than there are slots. What is held beyond the limit
 * stands in rows of its own, numbered below zero. As long as there is one, nothing of its pool is free: the slot that somebody gives
 * back goes to it, and its own row goes.
 */

/** To follow every statement that frees slots, in the same transaction. Who else frees some at this moment waits for it. */
export const SETTLE_SURPLUS = `WITH locked AS MATERIALIZED (SELECT pool, number, job_id FROM slot WHERE number < 0 ORDER BY pool, number FOR UPDATE),
  owed AS (SELECT *, row_number() OVER (PARTITION BY pool ORDER BY number) AS place FROM locked WHERE job_id IS NOT NULL),
  free AS (SELECT pool, number, row_number() OVER (PARTITION BY pool ORDER BY number) AS place FROM slot
    WHERE job_id IS NULL AND number > 0 AND pool IN (SELECT pool FROM owed)),
  gone AS (DELETE FROM slot USING owed JOIN free USING (pool, place)
    WHERE slot.pool = owed.pool AND slot.number = owed.number RETURNING slot.pool, owed.job_id, free.number)
  UPDATE slot SET job_id = gone.job_id FROM gone WHERE slot.pool = gone.pool AND slot.number = gone.number`;

export const FORGET_FREE_SURPLUS = "DELETE FROM slot WHERE number < 0 AND job_id IS NULL";
