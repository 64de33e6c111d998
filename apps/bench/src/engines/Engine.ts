/** One way of keeping jobs, as the comparison sees it: each in a file of its own, opened on a place of its own. */
export interface Engine {
  readonly name: string;
  /** The rows or keys that a whole life cycle writes. */
  readonly writes: string;
  /** What has happened to a job by the time its enqueueing is answered. */
  readonly waits: string;
  /** What this machine lacks to measure it; null when nothing. */
  readonly lacks: string | null;
  /** Empty, with its tables made. */
  readonly open: (options: EngineOptions) => Promise<OpenedEngine>;
}

export interface EngineOptions {
  /** Jobs that the worker has under way at once. */
  readonly atOnce: number;
  /** Connections to the database's server, those of callers and of the worker taken together. */
  readonly connections: number;
}

export interface OpenedEngine extends AsyncDisposable {
  /** Answered when the job is as safe as this engine makes it. */
  readonly enqueue: (number: number) => Promise<void>;
  /** Starts a worker whose work takes no time; told the number of each job as its work begins. */
  readonly work: (begins: (number: number) => void) => Promise<void>;
  /** How many jobs are not recorded as done. */
  readonly unfinished: () => Promise<number>;
}

/** What every engine's job carries. */
export function payload(number: number): { readonly prompt: string; readonly seed: number } {
  return { prompt: "A lighthouse on a rocky coast at dusk, slow push in", seed: number };
}
