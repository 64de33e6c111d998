import type { Provider } from "../providers/Provider.ts";

/** The simulator with other words for when a call of it breaks. */
export function breaking(simulator: Provider, change: Partial<Provider>): Provider {
  return {
    ...simulator,
    classifyError: (error) =>
      error instanceof Error && error.message === "socket hang up"
        ? { code: "provider_unavailable", message: "The connection broke.", retryable: true }
        : simulator.classifyError(error),
    ...change,
  };
}

export const hangUp = (): Promise<never> => Promise.reject(new Error("socket hang up"));
