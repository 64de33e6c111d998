import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import type { ClassifiedError } from "../Provider.ts";
import type { HostedProvider } from "./HostedProvider.ts";

/** "It is elsewhere": whoever says so has taken nothing on. */
const ELSEWHERE: ReadonlySet<number> = new Set([301, 307, 308]);
/** "Look there": so some answer what they have done. */
const LOOK_THERE: ReadonlySet<number> = new Set([302, 303]);

/**
 * What it means that a provider's own API sends a call on; null where it does not. A call that carries the key goes where it was
 * addressed and nowhere else, so the address is what has to be changed: by whoever runs the studio, without anything being
 * bought twice in the meantime (P2).
 */
export function classifyRedirect(
  error: unknown,
  { name, label, homeVariable }: Pick<HostedProvider, "name" | "label" | "homeVariable">,
): ClassifiedError | null {
  if (!(error instanceof RefusedAnswer)) return null;
  const { status, headers } = error;
  if (!ELSEWHERE.has(status) && !LOOK_THERE.has(status)) return null;
  return {
    code: "provider_unavailable",
    message: `The address of ${label ?? name} sends calls on to ${placeOf(headers["location"])}; set it to where they are to go, on the providers page or as ${homeVariable}.`,
    detail: error.message,
    retryable: true,
    ...(ELSEWHERE.has(status) ? { notAccepted: true } : {}),
  };
}

/** Without what may be behind it: a key, too. */
function placeOf(location: string | undefined): string {
  const url = URL.parse(location ?? "");
  return url === null ? "another path" : url.origin;
}
