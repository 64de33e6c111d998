import type { DurationMs } from "@reelstate/lifecycle";
import type { Answer } from "./Outbound.ts";

/** An answer with a status other than 2xx, with whatever was said. */
export class RefusedAnswer extends Error implements Answer {
  override readonly name = "RefusedAnswer";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** What the provider asks for, where it does. */
  readonly retryAfterMs: DurationMs | null;

  constructor({ status, headers, body }: Answer, retryAfterMs: DurationMs | null) {
    super(`The provider answered ${status}.`);
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.retryAfterMs = retryAfterMs;
  }
}
