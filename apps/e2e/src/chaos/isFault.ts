/** Said while it starts and the server is away. */
const EXPECTED = /^ {2}Reelstate is ready: |^The studio's database server (does not answer|went away)/;

/** The bucket is served by the process that strikes, and may be slow: that it was away for a moment is then true. */
const BUCKET_AWAY = /"msg":"the bucket is away"/;

/** As the database calls it, in a field of its own or in words: the digits alone come about in times and ids, too. */
const DEADLOCK = /40P01|"40001|deadlock detected|could not serialize access/;

/**
 * A process says what befalls it at the level of a warning. What it calls an error is a bug; so is what is not its own word,
 * such as a stack, and a deadlock that reached whoever wanted something, at whatever level.
 */
export function isFault(line: string): boolean {
  if (!line.startsWith("{")) return !EXPECTED.test(line);
  // The level stands first, also in a line that a kill has cut in half.
  const level = Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? 0);
  if (BUCKET_AWAY.test(line)) return false;
  return level >= 50 || (level >= 40 && DEADLOCK.test(line));
}
