/** What becomes of a prediction, in the server's own time. */
export interface Course {
  /** Until it starts. */
  readonly startMs?: number;
  /** From its start to its end. */
  readonly runMs?: number;
  /** It fails, with these words. */
  readonly error?: string;
  /** In place of what its model makes: a function of the address of the file. */
  readonly output?: (url: string) => unknown;
  /** Said in place of every status. */
  readonly status?: string;
}

export interface ServedPrediction {
  readonly id: string;
  readonly model: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly course: Course;
  readonly createdAt: number;
  /** From `Cancel-After`; infinite without. */
  readonly deadline: number;
  /** Infinite until it was cancelled. */
  canceledAt: number;
}

/** How long input, output, files and logs are kept after the end. */
export const RETENTION_MS = 3_600_000;

export interface Moment {
  readonly status: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly removed: boolean;
}

/** The page "Prediction lifecycle" as a function of the time. */
export function momentOf(prediction: ServedPrediction, now: number): Moment {
  const { course, createdAt, deadline, canceledAt } = prediction;
  const start = createdAt + (course.startMs ?? 0);
  const done = start + (course.runMs ?? 0);
  const stop = Math.min(deadline, canceledAt);
  const end = Math.min(stop, done);
  const startedAt = start <= Math.min(now, stop) ? start : null;
  if (now < end)
    return { status: startedAt === null ? "starting" : "processing", startedAt, endedAt: null, removed: false };
  return { status: endOf(), startedAt, endedAt: end, removed: now >= end + RETENTION_MS };

  function endOf(): string {
    if (done <= stop) return course.error === undefined ? "succeeded" : "failed";
    return canceledAt > deadline && startedAt === null ? "aborted" : "canceled";
  }
}
