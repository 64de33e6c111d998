import { setTimeout as delay } from "node:timers/promises";
import { TRPCClientError } from "@trpc/client";
import type { World } from "./World.ts";

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** Long enough for a busy machine; a killed studio breaks the connection at once. */
const PATIENCE_MS = 60_000;

/** Asks, and asks the same again for as long as kills take the answer, within the world's patience. */
export async function askUntilAnswered<T>(
  world: World,
  what: string,
  ask: (options: { readonly signal: AbortSignal }) => Promise<T>,
): Promise<Answer<T>> {
  for (const end = Date.now() + world.patienceMs; Date.now() < end;) {
    if (!world.up) {
      await delay(10);
      continue;
    }
    try {
      return { ok: true, value: await ask({ signal: AbortSignal.timeout(PATIENCE_MS) }) };
    } catch (error) {
      const said = factsOf(error);
      if (said !== null && said.httpStatus < 500 && !said.outside) {
        world.refusals += 1;
        return { ok: false, why: said.why ?? said.code };
      }
      if (said !== null && !(world.mayBeAway && said.httpStatus === 503)) {
        world.heard.push({ rule: "A1", subject: what, explanation: `A request was answered ${said.httpStatus}.` });
        return { ok: false, why: said.code };
      }
      world.repeats += 1;
      await delay(20);
    }
  }
  world.heard.push({ rule: "J6", subject: what, explanation: `Was not answered for ${world.patienceMs} ms.` });
  return { ok: false, why: "unanswered" };
}

interface Said {
  readonly code: string;
  readonly httpStatus: number;
  readonly why?: string;
  /** By the studio, but by none of its procedures: nobody who asks for one may meet that. */
  readonly outside?: boolean;
}

/** By a studio that is closing. */
const UNAVAILABLE = 503;

/** Null: nobody answered, or the proxy for somebody who is gone. */
function factsOf(error: unknown): Said | null {
  if (!(error instanceof TRPCClientError)) throw error;
  const facts = error.data as Partial<Said> | null | undefined;
  if (typeof facts?.httpStatus === "number") return facts as Said;
  const { response, responseJSON } = (error.meta ?? {}) as {
    readonly response?: { readonly status: number };
    /** Missing where the answer broke off. */
    readonly responseJSON?: { readonly error?: unknown };
  };
  if (response === undefined || response.status === UNAVAILABLE) return null;
  // The studio says `{error: {message}}`; what the proxy says for somebody who is gone looks otherwise.
  if (typeof responseJSON?.error !== "object") return null;
  return { code: "outside", httpStatus: response.status, outside: true };
}
