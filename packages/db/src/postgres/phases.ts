/*
 * Where a job stands, said by its phase alone: the guards see to it that the phase fits the status, and that what has ended has none.
 * The status is not named besides, although it would say the same: with it the server may also look in the index of all live jobs
 * (`job_live`), and does so where it believes that nothing is live, because nothing was when it last looked. That index cannot be
 * entered by workspace or model, so that each question then reads everything that is live, and all that was since the last vacuum.
 */
export const QUEUED = "phase = 'queued'";
export const BACKOFF = "phase = 'backoff'";
export const WAITING_INPUTS = "phase = 'waiting_inputs'";
export const PROCESSING = "phase IN ('submitting', 'at_provider', 'fetching', 'storing')";

/** For jobs that are found by their ids: whether one is in line, and as it shall be there; no index is asked for all that are. */
export function inLine(queued: string, backoff: string): string {
  return `CASE phase WHEN 'queued' THEN ${queued} WHEN 'backoff' THEN ${backoff} ELSE FALSE END`;
}
