import type { Database, Statement } from "better-sqlite3";
import type { World } from "../World.ts";

/** What lies in storage, visible and whole. It outlives every crash. */
export interface ShelfSpace {
  readonly files: Map<string, { readonly bytes: number; readonly modifiedAt: number }>;
  full: boolean;
  readonly remove: (key: string) => void;
}

/** Sees every file that goes: one that a version refers to must not (A8). */
export function openShelfSpace(world: World, connection: Database): ShelfSpace {
  const files: ShelfSpace["files"] = new Map();
  let referring: Statement<[string], string> | null = null;
  return {
    files,
    full: false,
    remove: (key) => {
      referring ??= connection.prepare<[string], string>(REFERRING).pluck();
      const version = referring.get(key);
      if (version !== undefined) world.accuse("A8", `${key} was removed, and version ${version} refers to it`);
      files.delete(key);
      world.counts.collected += 1;
    },
  };
}

const REFERRING = "SELECT id FROM version WHERE ? IN (media_key, poster_key, thumb_key)";
