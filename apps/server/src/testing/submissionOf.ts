import type { SubmissionRef, SubmitRequest } from "../providers/Provider.ts";

/** What a provider is asked about after it has accepted a request. */
export function submissionOf(request: SubmitRequest, providerRef: string): SubmissionRef {
  return { providerRef, request, inputPaths: async () => request.inputPaths };
}
