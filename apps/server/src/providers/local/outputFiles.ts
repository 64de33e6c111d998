import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a fetched file stays, in case storing it failed and it is asked for again. */
const FETCHED_MS = 10 * 60 * 1000;

/** The folder of finished renders, named after the reference of their request. */
export interface OutputFiles {
  path(ref: string, extension: string): string;
  /** The size of the finished file, or null when there is none. */
  size(path: string): Promise<number | null>;
  markFetched(path: string): void;
  remove(path: string): Promise<void>;
  /** Removes what was fetched a while ago, and whatever is older than a day. */
  sweep(): Promise<void>;
  /** Removes all that was fetched. */
  close(): Promise<void>;
}

export function createOutputFiles(workDir: string, now: () => number): OutputFiles {
  const fetched = new Map<string, number>();
  const remove = async (path: string): Promise<void> => {
    fetched.delete(path);
    await Promise.all([rm(path, { force: true }), rm(`${path}.part`, { force: true })]);
  };
  return {
    path(ref, extension) {
      const name = /^[\w-]{1,100}$/.test(ref) ? ref : createHash("sha256").update(ref).digest("hex");
      return join(workDir, `${name}.${extension}`);
    },
    async size(path) {
      const found = await stat(path).catch(() => null);
      return found && found.size > 0 ? found.size : null;
    },
    markFetched: (path) => void fetched.set(path, now()),
    remove,
    async sweep() {
      await mkdir(workDir, { recursive: true });
      for (const [path, at] of fetched) if (now() - at > FETCHED_MS) await remove(path);
      for (const name of await readdir(workDir)) {
        const path = join(workDir, name);
        const found = await stat(path).catch(() => null);
        if (found?.isFile() && now() - found.mtimeMs > DAY_MS) await rm(path, { force: true });
      }
    },
    async close() {
      await Promise.all([...fetched.keys()].map(remove));
    },
  };
}
