import type { ProviderOutput } from "../providers/Provider.ts";

/**
 * The only way to a provider. It has one home, the address an operator configured, which may lie in the own network; every
 * other address came from outside and is not trusted: https alone, public alone (judged after DNS, at each redirect), and
 * never shown the key.
 */
export interface Outbound {
  /** The provider's own API; without a slash at its end. */
  readonly home: string;
  /**
   * Asks the provider's own API. A redirect is not followed: a request that carries a key goes where it was addressed.
   * Throws `RefusedAnswer` for a status other than 2xx, and `OutboundError` where there was no answer.
   */
  readonly ask: (call: Call, signal: AbortSignal) => Promise<Answer>;
  /** Streams a file, redirects followed. Throws as `ask` does; a body that grows too large, or stops, is destroyed with `OutboundError`. */
  readonly download: (file: Download, signal: AbortSignal) => Promise<ProviderOutput>;
  /**
   * Listens to what the provider's own API tells by itself, over a websocket, until it is hung up. What is heard is a hint:
   * messages may be lost, and why a line ended is not told. Never throws.
   */
  readonly listen: (line: Line, ears: Ears) => HangUp;
  readonly close: () => Promise<void>;
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `home`, beginning with a slash; or a whole address at `home`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as a form with files in it. */
  readonly body?: JsonObject | FormData;
  /** How long it may take to the beginning of the answer, where that is more than usual. */
  readonly answerMs?: number;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  /** Lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON; text where it is none; null where it is empty. Not trusted: to be parsed. */
  readonly body: unknown;
}

export interface Download {
  readonly url: string;
  /** Sent to `home` and what lies below it, as long as the way there began at home and never left it. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Line {
  /** Below `home`, beginning with a slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Ears {
  /** A message of text; others are passed over. Not trusted: to be parsed. */
  readonly heard: (message: string) => void;
  /** Nothing more will come; not told to who hung up. */
  readonly ended: () => void;
}

export type HangUp = () => void;
