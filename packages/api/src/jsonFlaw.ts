const DEEPEST = 16;

/** What keeps a JSON value from being stored, in words that say what to do about it; null: nothing. */
export function jsonFlaw(value: unknown, maxBytes: number): string | null {
  if (isDeeperThan(value, DEEPEST)) return `are nested too deeply: at most ${DEEPEST} levels`;
  let broken = false;
  const json = JSON.stringify(value, (key, part: unknown) => {
    broken ||= isBroken(key) || (typeof part === "string" && isBroken(part));
    return part;
  });
  if (broken) return "have broken characters; remove them";
  return new TextEncoder().encode(json).length > maxBytes ? `are too large: at most ${maxBytes} bytes of JSON` : null;
}

/** Asked first: what writes or hashes the value later goes down by calling itself. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== "object") return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}

/** PostgreSQL's JSON takes neither. */
function isBroken(text: string): boolean {
  return text.includes("\u0000") || !text.isWellFormed();
}
