/** Milliseconds: a usual short and a usual long run. */
export interface RunTime {
  readonly low: number;
  readonly high: number;
}

const FEWEST_RUNS = 5;

/** The 20th and 80th percentile of a model's latest first-attempt run times, in milliseconds; null without a history. */
export function usualRun(latest: readonly number[]): RunTime | null {
  const times = latest.toSorted((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return times.length < FEWEST_RUNS ? null : { low: at(0.2), high: at(0.8) };
}
