import type { AssetType, Cost, Credits, DurationMs, ErrorCode } from "@reelstate/lifecycle";

/**
 * Who makes media. A provider is a client of someone else's truth: `submit` starts one billable request, `status` reads
 * what became of it, and nothing a provider says is trusted further than its own submission.
 *
 * Errors: every method may throw; the worker asks `classifyError` what the throw means. A failed poll or download is not
 * a failed job (P3).
 */
export interface Provider {
  readonly name: string;
  /** What people call it; absent: its name. */
  readonly label?: string | undefined;
  readonly models: readonly ModelOffer[];
  /** The provider enforces `clientRef` as idempotent: submitting it twice is one request (P2). */
  readonly idempotentSubmit: boolean | ((request: ProviderRequest) => boolean);
  /** How many submissions it takes at once, all its models together; absent: as many as are sent (P7). */
  readonly slots?: number;
  /** How long to wait between reads of the status. */
  readonly pollMs: DurationMs;
  /**
   * How long `submit` may prepare (upload pictures) before it sends the request that counts; after that it must not send it any
   * more. So long nobody concludes from a `lookup` that a request never arrived (P2). Absent: that request leaves at once.
   */
  readonly preparesWithinMs?: DurationMs;
  /**
   * Starts the request; resolves once the provider has accepted it and named it. The billable call leaves at once: time
   * spent before it widens the window in which a process that is stopped could pay twice (docs/decisions/009).
   */
  submit(request: SubmitRequest, signal: AbortSignal): Promise<{ readonly providerRef: string }>;
  status(submission: SubmissionRef, signal: AbortSignal): Promise<ProviderStatus>;
  /** Finds a submission by our own reference, where the provider can (P2). Absent: it cannot. */
  lookup?(request: ProviderRequest, signal: AbortSignal): Promise<Lookup>;
  /** Asks for an end; only `status` tells what became of it. Absent: the provider cannot cancel. */
  cancel?(submission: SubmissionRef, signal: AbortSignal): Promise<void>;
  /** Streams the finished output's bytes. May be asked again after a failure, without submitting again. */
  fetchOutput(submission: SubmissionRef, signal: AbortSignal): Promise<ProviderOutput>;
  classifyError(error: unknown): ClassifiedError;
  /** Frees what it holds (children, sockets). */
  close(): Promise<void>;
}

export interface ModelOffer {
  readonly id: string;
  readonly name: string;
  readonly type: AssetType;
  readonly description: { readonly en: string; readonly zh: string };
  readonly aspectRatios: readonly string[];
  readonly resolutions: readonly string[];
  /** Video only: shortest, longest and usual length. */
  readonly durationsMs: { readonly min: number; readonly max: number; readonly default: number } | null;
  /** How many reference pictures it takes at most. */
  readonly maxInputs: number;
  /** How many submissions of this model may be alive at once; absent: as many as the provider takes (P7). */
  readonly slots?: number;
  /** What the provider can tell and do, shown honestly in the studio. */
  readonly progress: "measured" | "none";
  readonly cancel: boolean;
  /** C1: the price of one asset, from the same parameters the request will carry, and as many reference pictures (none unless said). */
  readonly price: (params: { readonly durationMs?: number | undefined; readonly inputs?: number }) => Credits;
  /** How long the provider may take to answer `submit`, where it makes the thing before it answers; absent: 30 s. */
  readonly submitPatienceMs?: DurationMs;
  readonly attemptTimeoutMs: DurationMs;
  readonly jobTimeoutMs: DurationMs;
  /**
   * Judges the parameters beyond the common ones (the simulator's script, the renderer's slate): the field inside
   * `params` and what is wrong with it, or null. Absent: there are none.
   */
  readonly parseParams?: (
    params: Readonly<Record<string, unknown>>,
  ) => { readonly field: string; readonly message: string } | null;
}

/** What is asked for, apart from its pictures: enough to ask about what was asked before. */
export interface ProviderRequest {
  readonly clientRef: string;
  readonly model: string;
  readonly type: AssetType;
  readonly prompt: string;
  /** Complete: the model's defaults are filled in. */
  readonly params: Readonly<Record<string, unknown>>;
}

export interface SubmitRequest extends ProviderRequest {
  /** Local files to be read as reference pictures. */
  readonly inputPaths: readonly string[];
}

/** A submission with the request that made it, so that a provider whose work dies with us can take it up again. */
export interface SubmissionRef {
  readonly providerRef: string;
  readonly request: ProviderRequest;
  /**
   * Its pictures, for whoever has to begin anew: fetched when asked for, because what is made can be had without them.
   * Rejects with `InputGone`.
   */
  readonly inputPaths: () => Promise<readonly string[]>;
}

export type Lookup =
  | { readonly state: "found"; readonly providerRef: string }
  /** The provider knows for certain that the request never reached it. */
  | { readonly state: "absent" }
  | { readonly state: "unsupported" };

/** `cost`: what the provider itself tells of it; absent where it tells nothing, and never reckoned from a quote (P8). */
export type ProviderStatus =
  | { readonly state: "queued"; readonly position: number | null }
  | { readonly state: "running"; readonly fraction: number | null }
  | { readonly state: "succeeded"; readonly cost?: Cost }
  | { readonly state: "failed"; readonly error: ClassifiedError; readonly cost?: Cost }
  | { readonly state: "cancelled" }
  /** Waited on up to the deadline, and reported (P5). */
  | { readonly state: "unknown"; readonly raw: string };

export interface ClassifiedError {
  readonly code: ErrorCode;
  /** For people, in English; the error table has the words shown by code. */
  readonly message: string;
  readonly detail?: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: DurationMs;
  /** On `fetchOutput`: what was made is there no more, for certain, and will not be; so the submission is over (P6). */
  readonly gone?: true;
  /** On `submit`: nothing was accepted for certain, so the submission never began. */
  readonly notAccepted?: boolean;
}

export interface ProviderOutput {
  readonly body: NodeJS.ReadableStream;
  /** What the provider claims; the probe decides. */
  readonly claimedMime: string | null;
  readonly claimedBytes: number | null;
}
