import { z } from "zod";
import { OutboundError } from "../../outbound/OutboundError.ts";
import { openOutbound } from "../../outbound/openOutbound.ts";
import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { span } from "../../span.ts";
import { hostedDeps } from "../hosted/hostedDeps.ts";
import { openHosted } from "../hosted/openHosted.ts";
import { quoted } from "../hosted/quoted.ts";
import { homeText } from "./homeText.ts";
import type { ProviderCheck } from "@reelstate/api";
import type { Timers } from "../../Timers.ts";
import type { ClassifiedError, Provider } from "../Provider.ts";
import type { HostedPlace, HostedProvider, HostedSettings } from "../hosted/HostedProvider.ts";

const PATIENCE_MS = 15_000;
/** Whoever has nothing at that path is not who was meant. */
const ELSEWHERE: ReadonlySet<number> = new Set([404, 405, 410]);
/** Of who stands before the provider and waited for it. */
const LATE: ReadonlySet<number> = new Set([408, 504]);

/** Where a key for this home can be tried without paying for anything; null: nowhere. */
export function checkableAt({ checkKey, checkHome, defaultHome }: HostedProvider, home: URL): URL | null {
  if (checkKey === undefined) return null;
  if (checkHome === undefined) return home;
  const usual = defaultHome !== null && homeText(new URL(defaultHome)) === homeText(home);
  return usual ? new URL(checkHome) : null;
}

/** One real call with this key. What went wrong is said in the provider's own words, without the key. */
export async function tryKey(
  settings: HostedSettings,
  { checkKey, at }: { readonly checkKey: NonNullable<HostedProvider["checkKey"]>; readonly at: URL },
  { storage, log, ...timers }: Timers & Pick<HostedPlace, "storage" | "log">,
): Promise<ProviderCheck> {
  const provider = openedOr(settings, { storage, log, ...timers });
  if (typeof provider === "string") return { ok: false, code: "provider_unavailable", message: provider, detail: null };
  const outbound = openOutbound({ home: at, clock: timers.clock });
  const patience = new AbortController();
  const stopWaiting = timers.after(PATIENCE_MS, () => patience.abort(tooLate()));
  const since = span(timers);
  try {
    await checkKey(hostedDeps(settings, outbound, timers), patience.signal);
    return { ok: true, ms: Math.round(since()) };
  } catch (error) {
    const { code, message, detail = null } = meaningOf(error, settings.provider, provider.classifyError);
    return { ok: false, code, message, detail };
  } finally {
    stopWaiting();
    await provider.close();
    await outbound.close();
  }
}

/** Or why it cannot be opened: whoever wrote it may repeat the key in that. */
function openedOr(settings: HostedSettings, deps: Parameters<typeof openHosted>[1]): Provider | string {
  try {
    return openHosted(settings, deps);
  } catch (cause) {
    const words = quoted(cause instanceof Error ? cause.message : String(cause), settings.key);
    return words ?? `The provider ${settings.provider.name} cannot be used, and does not say why.`;
  }
}

function meaningOf(
  error: unknown,
  { name, label = name }: HostedProvider,
  classify: (error: unknown) => ClassifiedError,
): Pick<ClassifiedError, "code" | "message" | "detail"> {
  const strange = error instanceof z.ZodError || (error instanceof RefusedAnswer && ELSEWHERE.has(error.status));
  // The address is right, or nobody knows: people are not sent to look at it.
  if (isLate(error)) return { ...classify(error), code: "timeout", message: TOO_LATE };
  if (!strange) return classify(error);
  const message = `What answers at this address does not speak as ${label} does. Look at the address again.`;
  return {
    code: "provider_unavailable",
    message,
    ...(error instanceof RefusedAnswer ? { detail: error.message } : {}),
  };
}

function isLate(error: unknown): boolean {
  if (error instanceof RefusedAnswer) return LATE.has(error.status);
  if (error instanceof OutboundError) return error.why === "too_slow";
  return error instanceof DOMException && error.name === "TimeoutError";
}

const TOO_LATE = "The provider did not answer in time.";

function tooLate(): DOMException {
  return new DOMException(TOO_LATE, "TimeoutError");
}
