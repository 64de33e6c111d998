import { openFal } from "./openFal.ts";
import { openFalServer } from "./openFalServer.ts";
import { submissionOf } from "../../submissionOf.ts";
import type { ClassifiedError, Provider, ProviderStatus, SubmitRequest } from "../../../providers/Provider.ts";
import type { FalPlan, FalSubmission } from "./openFalServer.ts";

const { signal } = new AbortController();

export const FAL_PICTURE: SubmitRequest = {
  clientRef: "job-1",
  model: "fal/flux-schnell",
  type: "image",
  prompt: "fog",
  params: { aspectRatio: "16:9", resolution: "720p", seed: 7 },
  inputPaths: [],
};
export const FAL_CLIP: SubmitRequest = {
  ...FAL_PICTURE,
  model: "fal/veo-3.1-fast",
  type: "video",
  params: { aspectRatio: "9:16", resolution: "720p", durationMs: 4_000, seed: 7 },
};

/** The adapter and the server that it talks to. */
export async function openFalPair(plan?: (submission: FalSubmission) => FalPlan) {
  const server = await openFalServer(plan);
  const provider = openFal(server);
  return {
    server,
    provider,
    async [Symbol.asyncDispose]() {
      await provider.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** One accepted request for a picture. */
export async function openFalRequest(plan: FalPlan = {}) {
  const at = await openFalPair(() => plan);
  const { provider, server } = at;
  const { providerRef } = await provider.submit(FAL_PICTURE, signal);
  const submission = submissionOf(FAL_PICTURE, providerRef);
  const status = (): Promise<ProviderStatus> => provider.status(submission, signal);
  return {
    ...at,
    providerRef,
    submission,
    status,
    /** The status once it is COMPLETED. */
    ended: async () => {
      await status();
      await status();
      return status();
    },
    fetch: () => provider.fetchOutput(submission, signal),
    cancel: () => provider.cancel?.(submission, signal),
    count: (step: string) => server.calls.filter((call) => call.step === step).length,
  };
}

/** What the adapter says of the error in which a call ends. */
export async function refusalOf(provider: Provider, asked: Promise<unknown>): Promise<ClassifiedError> {
  const thrown = await asked.then(
    () => {
      throw new Error("It was answered.");
    },
    (error: unknown) => error,
  );
  return provider.classifyError(thrown);
}

/** An error in the form of a model's. */
export const falModelError = (type: string, msg = "", loc: readonly string[] = ["body"]) => ({
  detail: [{ type, msg, loc, url: `https://docs.fal.ai/errors/#${type}`, input: "what was asked for" }],
});

/** Waits so little that only what never comes is asked of it. */
export const HASTY = { answerMs: 200, silenceMs: 200 };
export const NEVER = 600_000;
