import type { Secret } from "../../Secret.ts";

const LONGEST = 300;

/** A provider's own words as they may be shown and kept: one line, not long, and without the key. Null where there are none. */
export function quoted(words: unknown, key: Secret): string | null {
  if (typeof words !== "string") return null;
  const secret = key.reveal();
  const safe = secret === "" ? words : words.replaceAll(secret, String(key));
  const line = safe.replace(/\s+/g, " ").trim();
  if (line === "") return null;
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
