import { createHash } from "node:crypto";

/** The same number below `below` for the same words. */
export function drawFrom(words: string, below: number): number {
  return createHash("sha256").update(words).digest().readUInt32LE() % Math.max(1, below);
}
