import { randomUUID } from "node:crypto";
import { rename, rm, stat } from "node:fs/promises";
import { extname, join } from "node:path";

/**
 * Local copies of objects, for programs that read files. What was just stored is looked at next, and a reference picture
 * by one job after another, so a copy stays for a while after its last use.
 */
export interface LocalCopies {
  /** Takes over a file that has the bytes of the key. */
  readonly keep: (key: string, path: string) => Promise<void>;
  /** Lends a copy; `fetch` writes one when there is none. */
  readonly use: <T>(
    key: string,
    fetch: (path: string) => Promise<void>,
    work: (path: string) => Promise<T>,
  ) => Promise<T>;
  readonly forget: (key: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Copy {
  readonly path: string;
  /** Its size, once it is there. */
  readonly bytes: Promise<number>;
  users: number;
  /** Runs while nobody uses it. */
  idle: { readonly timer: NodeJS.Timeout; readonly bytes: number } | null;
}

interface Limits {
  readonly keptMs: number;
  /** Of all that nobody uses, besides the one that was used last. */
  readonly idleBytes: number;
}

const LIMITS: Limits = { keptMs: 60_000, idleBytes: 500_000_000 };

/** Copies in a folder that nobody else writes to. */
export function openLocalCopies(folder: string, { keptMs, idleBytes }: Limits = LIMITS): LocalCopies {
  /** Those that nobody uses are in the order of their last use. */
  const copies = new Map<string, Copy>();

  /** One more user of the copy, which the first one brings about. */
  async function borrow<T>(
    key: string,
    bring: (path: string) => Promise<void>,
    work: (path: string) => Promise<T>,
  ): Promise<T> {
    const copy = copies.get(key) ?? add(key, bring);
    copy.users += 1;
    if (copy.idle !== null) clearTimeout(copy.idle.timer);
    copy.idle = null;
    try {
      const bytes = await copy.bytes;
      const result = await work(copy.path);
      if (copy.users === 1 && copies.get(key) === copy) await rest(key, copy, bytes);
      return result;
    } catch (error) {
      // What was wrong may have been the copy.
      if (copies.get(key) === copy) copies.delete(key);
      throw error;
    } finally {
      copy.users -= 1;
      if (copy.users === 0 && copies.get(key) !== copy) await rm(copy.path, { force: true });
    }
  }

  function add(key: string, bring: (path: string) => Promise<void>): Copy {
    const path = join(folder, `${randomUUID()}${extname(key)}`);
    const bytes = bring(path).then(async () => (await stat(path)).size);
    const copy: Copy = { path, bytes, users: 0, idle: null };
    copies.set(key, copy);
    return copy;
  }

  async function rest(key: string, copy: Copy, bytes: number): Promise<void> {
    const timer = setTimeout(() => void forget(key), keptMs).unref();
    copy.idle = { timer, bytes };
    copies.delete(key);
    copies.set(key, copy);
    let sum = 0;
    const tooMany = [...copies]
      .toReversed()
      .slice(1)
      .filter(([, { idle }]) => idle !== null && (sum += idle.bytes) > idleBytes);
    await Promise.all(tooMany.map(([other]) => forget(other)));
  }

  async function forget(key: string): Promise<void> {
    const copy = copies.get(key);
    if (copy === undefined) return;
    copies.delete(key);
    if (copy.idle === null) return;
    clearTimeout(copy.idle.timer);
    await rm(copy.path, { force: true });
  }

  return {
    keep: (key, path) =>
      borrow(
        key,
        (to) => rename(path, to),
        () => rm(path, { force: true }),
      ),
    use: borrow,
    forget,
    close: async () => {
      for (const key of copies.keys()) await forget(key);
    },
  };
}
