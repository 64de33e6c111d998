import { QueryClient } from "@tanstack/react-query";
import { TRPCClientError } from "@trpc/client";
import { refusalOf } from "./refusalOf.ts";
import { AWAY } from "./studioBroke.ts";

const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 5_000;
const SERVER_TRIES = 3;

/**
 * Nothing polls and nothing grows stale by itself (U5): what is shown is kept true by the live feed, and the cache writer
 * loads again what it can no longer vouch for.
 */
export function createQueryClient(): QueryClient {
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        refetchInterval: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // The studio may run on this machine, so that being offline says nothing about reaching it.
        networkMode: "always",
        retry: mayRetry,
        retryDelay: (failures) => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures),
      },
      // An action must not wait for the network and happen long after its press.
      mutations: { networkMode: "always", retry: false },
    },
  });
  // The cache writer keeps unchanged assets the same objects by itself, and tells its pages by identity.
  queryClient.setQueryDefaults([["assets"]], { structuralSharing: false });
  // What is offered is set by people, elsewhere, and no event tells of it: a page that is looked at again asks again.
  queryClient.setQueryDefaults([["models"]], { refetchOnWindowFocus: "always" });
  return queryClient;
}

/** An unreachable studio, or one whose database is, is asked until it answers; a broken one a few times; a refusal is final. */
function mayRetry(failures: number, error: Error): boolean {
  if (refusalOf(error) !== null) return false;
  const status =
    error instanceof TRPCClientError
      ? (error.data as { httpStatus?: number } | null | undefined)?.httpStatus
      : undefined;
  if (status === undefined || status === AWAY) return true;
  return status >= 500 && failures < SERVER_TRIES;
}
