import { StoreUnavailable } from "../StoreUnavailable.ts";

/**
 * What a failed statement means for whoever asked:
 * - `repeat`: another transaction was in the way; the whole of this one may be done again
 * - `lost`: the connection is gone, and with it everything that was not committed
 * - `refused`: anything else, a bug or a guard's word included
 */
export function postgresFailure(error: unknown): "repeat" | "lost" | "refused" {
  const code = sqlState(error);
  if (code === "40P01" || code === "40001") return "repeat";
  // 57P0x: the server is stopping or has dropped us, and says so with its last breath. 25P03: we were silent for too long.
  if (/^(08|57P|25P03)/.test(code)) return "lost";
  return code === "" && isOfTheConnection(error) ? "lost" : "refused";
}

/** The five letters by which PostgreSQL names an error, from wherever it is wrapped; empty when it was not the server that spoke. */
export function sqlState(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, severity } = at as { readonly code?: unknown; readonly severity?: unknown };
    if (severity !== undefined && typeof code === "string") return code;
  }
  return "";
}

/** What the caller cannot help, in words of its own; a bug stays what it is. */
export function explainedFailure(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error;
  const reason = reasonOf(error);
  return reason === null ? error : new StoreUnavailable(reason, { cause: error });
}

/** Whether somebody else kept a lock for longer than anybody waits for one. */
export function isLocked(error: unknown): boolean {
  return error instanceof StoreUnavailable && error.reason === "locked";
}

function reasonOf(error: unknown): StoreUnavailable["reason"] | null {
  const code = sqlState(error);
  if (code === "53100") return "full";
  // Too long for a lock or a statement, or always another transaction in the way.
  if (code === "55P03" || code === "57014" || postgresFailure(error) === "repeat") return "locked";
  // Too many connections, or one that is only for reading: a server that is there, and not for us.
  if (code === "53300" || postgresFailure(error) === "lost") return "unreachable";
  return /^(25006|58|XX00[12])/.test(code) ? "broken" : null;
}

/** The driver has no class for these, only words. */
const WORDS =
  /Connection terminated|connection error|not queryable|Client was closed|timeout exceeded when trying to connect|Query read timeout/i;

function isOfTheConnection(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { readonly code?: unknown };
    if (typeof code === "string" && /^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EHOST|ENET|EAI_|ENOENT|EADDR)/.test(code))
      return true;
    if (WORDS.test(at.message)) return true;
    if (at instanceof AggregateError) return at.errors.some(isOfTheConnection);
  }
  return false;
}
