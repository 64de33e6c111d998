import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Several processes may keep media in one folder, and no system deletes a file "unless it was put again". As in a bucket, whoever
 * collects a file marks it first and looks at its age once more, and whoever puts one waits afterwards until there is no mark.
 */
export interface FolderMarks {
  /** False: another process is collecting this one. */
  readonly set: (key: string) => Promise<boolean>;
  readonly remove: (key: string) => Promise<void>;
  /** Resolves when nobody is about to take the file of this key away. */
  readonly untilNone: (key: string) => Promise<void>;
}

/** Collecting takes a few milliseconds: a mark that stays this long was left by a process that is no more. */
const MINDED_MS = 10_000;
const LOOK_EVERY_MS = 10;

/** Marks are empty files in a folder of what is on its way. */
export function openFolderMarks(folder: string, mindedMs = MINDED_MS): FolderMarks {
  const pathOf = (key: string): string => join(folder, `collecting-${key}`);
  const isThere = (path: string): Promise<boolean> => stat(path).then(() => true, isNot("ENOENT"));
  const remove = (key: string): Promise<void> => rm(pathOf(key), { force: true });

  return {
    set: async (key) => open(pathOf(key), "wx").then((file) => file.close().then(() => true), isNot("EEXIST")),
    remove,
    untilNone: async (key) => {
      const since = performance.now();
      while (await isThere(pathOf(key))) {
        if (performance.now() - since > mindedMs) return remove(key);
        await delay(LOOK_EVERY_MS);
      }
    },
  };
}

/** False for what this error says; any other is thrown. */
function isNot(expected: string): (error: unknown) => false {
  return (error) => {
    if (error instanceof Error && "code" in error && error.code === expected) return false;
    throw error;
  };
}
