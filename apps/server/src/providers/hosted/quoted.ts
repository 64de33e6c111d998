import type { Secret } from "../../Secret.ts";

const LONGEST = 300;

/** What keys look like, whole or with their middle left out: a gateway may repeat that of its own provider. */
const KEYS = /\b(?:sk-|r8_|AIza)[\w*.-]{6,}/g;

/**
 * A provider's own words as they may be shown and kept: one line, not long, and without a key. Null where there are none.
 * Hidden before they are cut, because half a key is a part of one.
 */
export function quoted(words: unknown, key: Secret, longest = LONGEST): string | null {
  if (typeof words !== "string") return null;
  const line = key.hideIn(words).replaceAll(KEYS, String(key)).replaceAll(/\s+/g, " ").trim();
  if (line === "") return null;
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
