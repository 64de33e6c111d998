import { durationMs } from "@reelstate/lifecycle";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { asDataUri } from "../hosted/asDataUri.ts";
import { openMissingFiles } from "../hosted/openMissingFiles.ts";
import { prepared } from "../hosted/prepared.ts";
import { readPictures } from "../hosted/readPictures.ts";
import { ProviderFlaw } from "../hosted/ProviderFlaw.ts";
import { classifyFalError } from "./classifyFalError.ts";
import { readCancel, readRequestId, readResult, readStatus } from "./falAnswers.ts";
import { classifyFailure, ownFailure } from "./falFailure.ts";
import { FAL_MODELS } from "./falModels.ts";
import type { Answer, Call } from "../../outbound/Outbound.ts";
import type { HostedDeps } from "../hosted/HostedProvider.ts";
import type { MissingFiles } from "../hosted/openMissingFiles.ts";
import type { ClassifiedError, Provider, ProviderStatus, SubmissionRef } from "../Provider.ts";
import type { FalStatus } from "./falAnswers.ts";

/** As often as a person would like to see a change; fal names no limit. */
const POLL_MS = durationMs(1_000);

/** Nothing is left of it at fal. */
const GONE: ReadonlySet<string | null> = new Set(["OK", "NOT_FOUND"]);

/**
 * fal's queue (its "Inference API" reference and "Asynchronous Inference", 2026-11). It keeps a request until it is made, and
 * tries again by itself where its own machines fail. There is no status for failure: a request that is COMPLETED has a result,
 * and the read of that is answered as the model answered. It knows no reference of ours, neither to find a request by nor to
 * take one on only once.
 *
 * A `providerRef` is the path of the request below the queue's address, which has the app but not the rest of the model's name:
 * it can be followed when the model is no longer offered. fal gives whole addresses, too; a key does not follow those.
 */
export function createFalProvider({ outbound, key }: Pick<HostedDeps, "outbound" | "key">): Provider {
  /** Whose cancel was answered by "there is nothing any more". What their status says then, the documentation leaves open. */
  const gone = new Set<string>();
  /** Kept as long as the account's settings say. A result is read with the key, so that a 403 speaks of the account. */
  const results = openMissingFiles({ gone: FILE_GONE, away: new Set([404, 410]) });
  const files = openMissingFiles({ gone: FILE_GONE, away: new Set([403, 404, 410]) });

  const ask = (call: Call, signal: AbortSignal): Promise<Answer> =>
    outbound.ask({ ...call, headers: { authorization: `Key ${key.reveal()}` } }, signal);
  const read = (path: string, signal: AbortSignal): Promise<Answer> => ask({ method: "GET", path: `/${path}` }, signal);

  /** The result says how it ended. Where it cannot be read there is no news, and this rejects (P3). */
  async function ended(
    { providerRef, request }: SubmissionRef,
    told: FalStatus,
    signal: AbortSignal,
  ): Promise<ProviderStatus> {
    if (told.errorType === CANCELLED) return { state: "cancelled" };
    let answer: Answer;
    try {
      answer = await read(providerRef, signal);
    } catch (cause) {
      const failure = cause instanceof RefusedAnswer ? ownFailure(cause, told) : null;
      if (failure === null) throw cause;
      if (failure.errorType === CANCELLED) return { state: "cancelled" };
      return { state: "failed", error: classifyFailure(failure, { begun: true }) };
    }
    const result = readResult(answer.body, request.type);
    if (result === null) throw new ProviderFlaw(STRANGE);
    return result.state === "made" ? { state: "succeeded" } : { state: "failed", error: NO_FILE[result.state] };
  }

  return {
    name: "fal",
    models: FAL_MODELS,
    pollMs: POLL_MS,
    idempotentSubmit: false,
    submit: async (request, signal) => {
      const model = FAL_MODELS.find(({ id }) => id === request.model);
      if (model === undefined) throw new ProviderFlaw(NOT_OFFERED);
      const { endpoint, input } = await prepared(async () => {
        const pictures = (await readPictures(request.inputPaths, { who: "fal" })).map(asDataUri);
        return { endpoint: model.endpoint(pictures), input: model.input(request, pictures) };
      });
      const { body } = await ask({ method: "POST", path: `/${endpoint}`, body: input }, signal);
      const id = readRequestId(body);
      if (id === null) throw new ProviderFlaw(STRANGE);
      return { providerRef: `${endpoint.split("/", 2).join("/")}/requests/${id}` };
    },
    status: async (submission, signal) => {
      const { providerRef } = submission;
      let answer: Answer;
      try {
        answer = await read(`${providerRef}/status`, signal);
      } catch (cause) {
        if (cause instanceof RefusedAnswer && cause.status === 404 && gone.has(providerRef))
          return { state: "cancelled" };
        throw cause;
      }
      const told = readStatus(answer.body);
      switch (told?.status) {
        case "IN_QUEUE":
          return { state: "queued", position: told.position };
        case "IN_PROGRESS":
          return { state: "running", fraction: null };
        case "COMPLETED":
          return ended(submission, told, signal);
        default:
          return { state: "unknown", raw: told?.status ?? "no status" };
      }
    },
    cancel: async ({ providerRef }, signal) => {
      const call: Call = { method: "PUT", path: `/${providerRef}/cancel` };
      const { body } = await ask(call, signal).catch((cause: unknown): Answer => {
        // It has ended, or is not there: an answer, in the form of a refusal.
        if (cause instanceof RefusedAnswer && ["ALREADY_COMPLETED", "NOT_FOUND"].includes(readCancel(cause.body) ?? ""))
          return cause;
        throw cause;
      });
      if (GONE.has(readCancel(body))) gone.add(providerRef);
    },
    fetchOutput: async ({ providerRef, request }, signal) => {
      const missing =
        ({ classify }: MissingFiles) =>
        (cause: unknown): never => {
          const error = classify(providerRef, cause);
          throw error === null ? cause : new ProviderFlaw(error, { cause });
        };
      const { body } = await read(providerRef, signal).catch(missing(results));
      const result = readResult(body, request.type);
      if (result?.state !== "made") throw new ProviderFlaw(result === null ? STRANGE : NO_FILE[result.state]);
      return outbound.download({ url: result.url }, signal).catch(missing(files));
    },
    classifyError: classifyFalError,
    close: async () => {},
  };
}

/** The `error_type` of a request that ended because it was told to. */
const CANCELLED = "client_cancelled";

const FILE_GONE = "The finished file is no longer at fal.";

/** On submit it may have been accepted all the same. */
const STRANGE: ClassifiedError = {
  code: "provider_unavailable",
  message: "fal gave an answer that cannot be read.",
  retryable: true,
};

const NOT_OFFERED: ClassifiedError = {
  code: "invalid_input",
  message: "This model is not offered any more.",
  retryable: false,
  notAccepted: true,
};

/** Made again it would be paid again, and end the same. */
const NO_FILE: Readonly<Record<"withheld" | "nothing", ClassifiedError>> = {
  withheld: {
    code: "content_policy_output",
    message: "fal's safety checker withheld what was made.",
    retryable: false,
  },
  nothing: {
    code: "provider_unavailable",
    message: "fal says that this is done, but gave no file.",
    retryable: false,
  },
};
