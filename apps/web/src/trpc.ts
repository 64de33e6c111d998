import { httpBatchLink, httpSubscriptionLink, retryLink, splitLink } from "@trpc/client";
import { createTRPCReact } from "@trpc/react-query";
import { StudioBroke } from "./live/studioBroke.ts";
import type { AppRouter } from "@reelstate/api/router";
import type { TRPCLink } from "@trpc/client";

export { refusalOf } from "./live/refusalOf.ts";

export const trpc = createTRPCReact<AppRouter>();

export interface StudioClientOptions {
  /** Where tRPC is served; the page's own origin unless told. */
  readonly url?: string;
  /** Hears of every failed attempt of the live stream: the retry link keeps them from the subscription itself. */
  readonly streamFailed?: () => void;
}

/** Longer URLs are refused by proxies; a batch is split before it gets there. */
const MAX_URL = 2_000;
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 3_000;

/**
 * The one client. Only the live stream is repeated by a link, without end: reads are repeated by TanStack Query, and a
 * mutation never by itself, because only the person knows whether they still want it.
 */
export function createStudioClient({ url = "/trpc", streamFailed }: StudioClientOptions = {}) {
  return trpc.createClient({
    links: [
      splitLink({
        condition: (op) => op.type === "subscription",
        true: [
          retryLink<AppRouter>({
            retry: () => {
              streamFailed?.();
              return true;
            },
            retryDelayMs,
          }),
          httpSubscriptionLink({ url }),
        ],
        false: [withoutDirection, httpBatchLink({ url, maxURLLength: MAX_URL, fetch: fetchOrBroke })],
      }),
    ],
  });
}

/** The studio speaks JSON, also of what broke. A failure in another language is that of a proxy before it. */
async function fetchOrBroke(url: URL | RequestInfo, init?: object): Promise<Response> {
  const response = await fetch(url, init);
  const speaksJson = (response.headers.get("content-type") ?? "").includes("json");
  if (response.status >= 500 && !speaksJson) throw new StudioBroke(response.status);
  return response;
}

/** Doubling up to a cap, with the upper half random, so that a restarted server is not met by every tab at once. */
function retryDelayMs(attempt: number): number {
  const whole = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 10));
  return whole / 2 + (Math.random() * whole) / 2;
}

/** tRPC's infinite queries add `direction` to what is asked; the contract's lists go one way and refuse unknown fields. */
const withoutDirection: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) => {
    const { input } = op;
    if (typeof input !== "object" || input === null || !("direction" in input)) return next(op);
    const { direction: _direction, ...asked } = input;
    return next({ ...op, input: asked });
  };
