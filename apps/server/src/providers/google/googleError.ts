import { z } from "zod";
import { durationMs } from "@reelstate/lifecycle";
import type { DurationMs } from "@reelstate/lifecycle";

/** What Google says of a failure. */
export interface GoogleError {
  /** In the words of the Interactions API, or those of `google.rpc.Code`, in lower case; empty where there is none. */
  readonly code: string;
  readonly message: string;
  /** Why, where it is told (`API_KEY_INVALID`). */
  readonly reason: string;
  /** What it asks for, where it does. */
  readonly retryAfterMs: DurationMs | null;
  /** The quotas that are spent, by their ids. */
  readonly quotas: readonly string[];
}

const DETAIL = z.object({
  reason: z.string().optional(),
  retryDelay: z.string().optional(),
  violations: z.array(z.object({ quotaId: z.string().optional() })).optional(),
});
const ERROR = z.object({
  // A number beside `status`, or, from the Interactions API, the word itself.
  code: z.union([z.string(), z.number()]).optional(),
  status: z.string().optional(),
  message: z.string().optional(),
  details: z.array(z.unknown()).optional(),
});

/** Parses `{ error: { code, status, message, details } }` and `{ error: { code: "word", message } }`; null where it is neither. */
export function parseGoogleError(body: unknown): GoogleError | null {
  const parsed = z.object({ error: ERROR }).safeParse(body);
  return parsed.success ? readGoogleError(parsed.data.error) : null;
}

/** The same for an error within an answer; null where it cannot be read. */
export function readGoogleError(given: unknown): GoogleError | null {
  const parsed = ERROR.safeParse(given);
  if (!parsed.success) return null;
  const { code, status, message = "", details = [] } = parsed.data;
  const word = status ?? (typeof code === "string" ? code : (RPC_CODES[code ?? 0] ?? ""));
  const known = details.flatMap((detail) => {
    const read = DETAIL.safeParse(detail);
    return read.success ? [read.data] : [];
  });
  return {
    code: word.toLowerCase(),
    message,
    reason: known.find(({ reason }) => reason !== undefined)?.reason ?? "",
    retryAfterMs: parseDelay(known.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay),
    quotas: known.flatMap(({ violations = [] }) => violations.flatMap(({ quotaId }) => quotaId ?? [])),
  };
}

/** `google.rpc.Code`, where only its number is given. */
const RPC_CODES: Readonly<Record<number, string>> = {
  3: "invalid_argument",
  7: "permission_denied",
  8: "resource_exhausted",
  13: "internal",
  14: "unavailable",
};

/** A `google.protobuf.Duration`: `26s`, `1.5s`. */
function parseDelay(delay: string | undefined): DurationMs | null {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? "")?.[1];
  return seconds === undefined ? null : durationMs(Math.round(Number(seconds) * 1_000));
}
