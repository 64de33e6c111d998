import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { CommandResult } from "../runCommand.ts";
import { ROOT } from "../root.ts";

const BUDGET_KB = 170;
const DIST = join(ROOT, "apps/web/dist");

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  /** Keys of the chunks that must be there before this one runs. Dynamic imports are listed elsewhere. */
  readonly imports?: readonly string[];
}

/** What a browser must load before it shows anything: the entry and everything it imports statically, gzipped. */
export function bundleBudget(): CommandResult {
  const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8")) as Readonly<
    Record<string, Chunk>
  >;
  const entries = Object.keys(manifest).filter((key) => manifest[key]?.isEntry === true);
  if (entries.length === 0) return { ok: false, output: "The manifest of apps/web names no entry.\n" };

  const files = [...firstLoad(manifest, entries)].map((file) => ({
    file,
    kb: gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length / 1000,
  }));
  const total = files.reduce((sum, { kb }) => sum + kb, 0);
  const lines = files.toSorted((a, b) => b.kb - a.kb).map(({ file, kb }) => `${kb.toFixed(1).padStart(8)} kB  ${file}`);
  return {
    ok: total <= BUDGET_KB,
    output: `${[...lines, `${total.toFixed(1).padStart(8)} kB  in all, of ${BUDGET_KB} kB`].join("\n")}\n`,
  };
}

function firstLoad(manifest: Readonly<Record<string, Chunk>>, entries: readonly string[]): ReadonlySet<string> {
  const files = new Set<string>();
  const ahead = [...entries];
  for (let key = ahead.pop(); key !== undefined; key = ahead.pop()) {
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`The manifest names ${key} and does not describe it.`);
    if (!chunk.file.endsWith(".js") || files.has(chunk.file)) continue;
    files.add(chunk.file);
    ahead.push(...(chunk.imports ?? []));
  }
  return files;
}
