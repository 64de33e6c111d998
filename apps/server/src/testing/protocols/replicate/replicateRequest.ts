import { submissionOf } from "../../submissionOf.ts";
import type { ClassifiedError, SubmitRequest } from "../../../providers/Provider.ts";
import type { ProtocolCall } from "../openProtocolServer.ts";
import type { OpenedReplicate } from "./openReplicate.ts";
import type { Course } from "./ServedPrediction.ts";

const { signal } = new AbortController();

export const HOUR_MS = 3_600_000;

export const REPLICATE_PICTURE: SubmitRequest = {
  clientRef: "job-1",
  model: "replicate/flux-schnell",
  type: "image",
  prompt: "A lighthouse in fog",
  params: { aspectRatio: "16:9", seed: 4_000_000_000 },
  inputPaths: [],
};

export const REPLICATE_CLIP: SubmitRequest = {
  ...REPLICATE_PICTURE,
  model: "replicate/seedance-1.5-pro",
  type: "video",
  params: { aspectRatio: "16:9", resolution: "720p", durationMs: 2_000, seed: 7 },
};

/** What was thrown by a call, as the worker hears of it. */
export async function replicateRefusal(
  { provider }: OpenedReplicate,
  asked: Promise<unknown>,
): Promise<ClassifiedError> {
  const error: unknown = await asked.then(
    () => {
      throw new Error("It was answered.");
    },
    (thrown: unknown) => thrown,
  );
  return provider.classifyError(error);
}

export function refusedSubmit(at: OpenedReplicate, request = REPLICATE_PICTURE): Promise<ClassifiedError> {
  return replicateRefusal(at, at.provider.submit(request, signal));
}

/** A prediction with a course, and its status as far along it as is said. */
export async function submitted(at: OpenedReplicate, course: Course = {}, request = REPLICATE_PICTURE) {
  at.server.follow(course);
  const { providerRef } = await at.provider.submit(request, signal);
  const submission = submissionOf(request, providerRef);
  return {
    submission,
    status: () => at.provider.status(submission, signal),
    fetch: () => at.provider.fetchOutput(submission, signal),
  };
}

export function callsOf({ server }: OpenedReplicate, step: string): readonly ProtocolCall[] {
  return server.calls.filter((call) => call.step === step);
}
