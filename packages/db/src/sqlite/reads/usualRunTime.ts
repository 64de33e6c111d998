import type { RunTime, Session } from "../Session.ts";

const FEWEST_RUNS = 5;

/** The 20th and 80th percentile of the model's latest first-attempt run times, in milliseconds; null without a history. */
export function usualRunTime(session: Session, model: string): RunTime | null {
  return session.runTimes(model, () => {
    const times = (session.sql.runTimes.all(model) as number[]).toSorted((a, b) => a - b);
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    return times.length < FEWEST_RUNS ? null : { low: at(0.2), high: at(0.8) };
  });
}
