import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { durationMs, ERROR_TABLE } from "@reelstate/lifecycle";
import { StorageError } from "../../storage/StorageError.ts";
import { openSimulatorLog } from "./openLog.ts";
import { scriptSchema } from "./script.ts";
import { SIMULATED_MODELS } from "./simulatedModels.ts";
import type { LogLine } from "./openLog.ts";
import type { Script } from "./script.ts";
import type { ClassifiedError, Provider, ProviderRequest, ProviderStatus, SubmissionRef } from "../Provider.ts";

/** What the simulator throws, already classified: it is told what to say. */
class SimulatedError extends Error {
  override readonly name = "SimulatedError";
  readonly classified: ClassifiedError;

  constructor(classified: ClassifiedError) {
    super(classified.message);
    this.classified = classified;
  }
}

interface Deps {
  /** The append-only log; its only state besides the wall clock. */
  readonly file: string;
  readonly clock: () => number;
}

const POLL_MS = durationMs(100);
const LATENCY_MS = 5;

/** A provider that does what `params.script` says, and whose log bears witness to what it was really asked. */
export function createSimulator({ file, clock }: Deps): Provider {
  const log = openSimulatorLog(file);
  const note = (op: LogLine["op"], request: ProviderRequest, more: Partial<LogLine> = {}): void =>
    log.append({ op, at: clock(), client_ref: request.clientRef, ...more });
  const submitOf = ({ clientRef }: ProviderRequest): LogLine | undefined =>
    log.ofJob(clientRef).find((line) => line.op === "submit" && line.client_ref === clientRef && line.ok === true);

  /** Whether it fails here once more, by how often the same job has failed here before. */
  function failsNow({ clientRef }: ProviderRequest, script: Script, at: "submit" | "fetch" | "store"): boolean {
    if (script.fail?.at !== at) return false;
    const op = at === "submit" ? "submit" : "fetch";
    const failed = log.ofJob(clientRef).filter((line) => line.op === op && line.ok === false).length;
    return script.fail.times === undefined || failed < script.fail.times;
  }
  /** A run that fails half way is known by the submits of its job before this one. */
  function runFails({ clientRef }: ProviderRequest, script: Script): number | null {
    if (typeof script.fail?.at !== "number") return null;
    const submits = log
      .ofJob(clientRef)
      .filter((line) => line.op === "submit" && line.ok === true && line["repeated"] !== true);
    const before = submits.findIndex((line) => line.client_ref === clientRef);
    return script.fail.times === undefined || before < script.fail.times ? script.fail.at : null;
  }

  return {
    name: "simulator",
    label: "Simulator",
    models: SIMULATED_MODELS,
    pollMs: POLL_MS,
    idempotentSubmit: (request) => scriptOf(request).idempotent,
    submit: async (request, signal) => {
      const script = scriptOf(request);
      await delay(script.submitMs, undefined, { signal });
      const known = script.idempotent ? submitOf(request) : undefined;
      if (known === undefined && failsNow(request, script, "submit")) {
        note("submit", request, { ok: false });
        throw simulated(script, { notAccepted: true });
      }
      const ref = known?.ref ?? `sim-${request.clientRef}`;
      note("submit", request, { ok: true, ref, ...(known === undefined ? { script } : { repeated: true }) });
      if (script.dropAnswer && known === undefined) {
        throw new SimulatedError({
          code: "provider_unavailable",
          message: "The connection broke before the answer came.",
          retryable: true,
        });
      }
      return { providerRef: ref };
    },
    lookup: async (request, signal) => {
      await delay(LATENCY_MS, undefined, { signal });
      if (!scriptOf(request).lookup) return { state: "unsupported" };
      note("lookup", request);
      const ref = submitOf(request)?.ref;
      return ref === undefined ? { state: "absent" } : { state: "found", providerRef: ref };
    },
    status: async ({ request }, signal) => {
      await delay(LATENCY_MS, undefined, { signal });
      note("poll", request);
      return statusNow(request);
    },
    cancel: async ({ request }, signal) => {
      await delay(LATENCY_MS, undefined, { signal });
      const script = scriptOf(request);
      note("cancel", request, { ok: script.cancel !== "unsupported" });
      if (script.cancel === "unsupported") {
        throw new SimulatedError({
          code: "invalid_input",
          message: "This model cannot be cancelled.",
          retryable: false,
        });
      }
    },
    fetchOutput: async ({ request }: SubmissionRef, signal) => {
      const script = scriptOf(request);
      await delay(script.fetchMs, undefined, { signal });
      if (failsNow(request, script, "fetch")) {
        note("fetch", request, { ok: false });
        throw simulated(script);
      }
      const storeFails = failsNow(request, script, "store");
      note("fetch", request, { ok: !storeFails });
      const { simulatedOutput } = await import("./simulatedOutput.ts");
      const bytes = cut(await simulatedOutput(request, script.outputWidth), script.outputBytes);
      return {
        body: storeFails ? breaking(bytes) : Readable.from([bytes]),
        claimedMime: request.type === "image" ? "image/png" : "video/mp4",
        claimedBytes: bytes.length,
      };
    },
    classifyError: (error) =>
      error instanceof SimulatedError
        ? error.classified
        : { code: "internal", message: "The simulator broke.", detail: String(error), retryable: true },
    close: async () => log.close(),
  };

  function statusNow(request: ProviderRequest): ProviderStatus {
    const submitted = submitOf(request);
    if (submitted === undefined) {
      return {
        state: "failed",
        error: { code: "internal", message: "The simulator knows no such request.", retryable: false },
      };
    }
    const script = scriptOf(request);
    const cancelled = log
      .ofJob(request.clientRef)
      .find((line) => line.op === "cancel" && line.client_ref === request.clientRef && line.ok === true);
    const elapsed = clock() - submitted.at;
    const run = elapsed - script.queueMs;
    const failAt = runFails(request, script);
    const failed = failAt !== null && run >= failAt * script.runMs;
    const finished = run >= script.runMs && !script.hang;
    const endedBeforeCancel = cancelled !== undefined && endOf(script, failAt, submitted.at) <= cancelled.at;
    if (cancelled !== undefined && script.cancel === "ok" && !endedBeforeCancel) return { state: "cancelled" };
    if (failed) return { state: "failed", error: classified(script) };
    if (finished) return { state: "succeeded" };
    if (run < 0) return { state: "queued", position: null };
    const fraction =
      script.progress === "measured" && !script.hang ? Math.min(1, run / Math.max(1, script.runMs)) : null;
    return { state: "running", fraction };
  }
}

function endOf(script: Script, failAt: number | null, submittedAt: number): number {
  if (script.hang && failAt === null) return Number.POSITIVE_INFINITY;
  return submittedAt + script.queueMs + script.runMs * (failAt ?? 1);
}

function scriptOf(request: ProviderRequest): Script {
  return scriptSchema.parse(request.params["script"] ?? {});
}

function classified(script: Script): ClassifiedError {
  const code = script.fail?.code ?? "internal";
  const wait = script.fail?.retryAfterMs;
  return {
    code,
    message: ERROR_TABLE[code].words.en.title,
    retryable: script.fail?.retryable ?? false,
    ...(wait === undefined ? {} : { retryAfterMs: durationMs(wait) }),
  };
}

function simulated(script: Script, more: Partial<ClassifiedError> = {}): SimulatedError {
  return new SimulatedError({ ...classified(script), ...more });
}

function cut(bytes: Buffer, size: number | undefined): Buffer {
  if (size === undefined) return bytes;
  return size <= bytes.length ? bytes.subarray(0, size) : Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
}

/** Bytes that our storage fails to keep. */
function breaking(bytes: Buffer): Readable {
  async function* body(): AsyncIterable<Buffer> {
    yield bytes;
    throw new StorageError("broken", "The simulator was told to break the storage.");
  }
  return Readable.from(body());
}
