import { setTimeout as delay } from "node:timers/promises";
import { TRPCClientError } from "@trpc/client";
import type { World } from "./World.ts";

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** Long enough for a busy machine; a killed studio breaks the connection at once. */
const PATIENCE_MS = 60_000;

/** Asks, and asks the same again for as long as kills take the answer. */
export async function askUntilAnswered<T>(
  world: World,
  what: string,
  ask: (options: { readonly signal: AbortSignal }) => Promise<T>,
): Promise<Answer<T>> {
  for (;;) {
    while (!world.up) await delay(10);
    try {
      return { ok: true, value: await ask({ signal: AbortSignal.timeout(PATIENCE_MS) }) };
    } catch (error) {
      const said = factsOf(error);
      if (said !== null && said.httpStatus < 500) {
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
}

interface Said {
  readonly code: string;
  readonly httpStatus: number;
  readonly why?: string;
}

/** Null: nobody answered. */
function factsOf(error: unknown): Said | null {
  if (!(error instanceof TRPCClientError)) throw error;
  const facts = error.data as Partial<Said> | null | undefined;
  return typeof facts?.httpStatus === "number" ? (facts as Said) : null;
}
