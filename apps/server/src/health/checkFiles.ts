import { createHash } from "node:crypto";
import type { HealthFinding } from "@reelstate/api/health";
import type { MediaFiles, Store } from "@reelstate/db";
import type { VersionId } from "@reelstate/lifecycle";
import type { Storage } from "../storage/Storage.ts";

export interface FileCheckDeps {
  readonly store: Pick<Store, "listMedia" | "countMedia" | "referencedKeys">;
  readonly storage: Pick<Storage, "head" | "get" | "list">;
}

export interface FileCheckOptions {
  /** Reads every byte and compares it with the hash that is its key. */
  readonly deep: boolean;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

const PAGE = 100;
const LOOKS_TOGETHER = 10;

/** Every file that a row refers to: is it there, with its size, and (deep) with its bytes? Works in pages. */
export async function checkFiles(
  { store, storage }: FileCheckDeps,
  { deep, signal, progress }: FileCheckOptions,
): Promise<readonly HealthFinding[]> {
  const findings: HealthFinding[] = [];
  let done = 0;
  const total = await store.countMedia();
  progress(done, total);
  // A look at a bucket takes its time on the way; a disk that is read through is fastest one by one.
  const together = deep ? 1 : LOOKS_TOGETHER;
  for (let after: VersionId | null = null; !signal.aborted;) {
    const page: readonly MediaFiles[] = await store.listMedia({ after, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.versionId;
    for (let at = 0; at < page.length && !signal.aborted; at += together) {
      const some = page.slice(at, at + together);
      findings.push(...(await Promise.all(some.map(checkMedia))).flat());
      progress((done += some.length), Math.max(done, total));
    }
  }
  return findings;

  async function checkMedia({
    key,
    bytes,
    posterKey,
    thumbKey,
    assetId,
  }: MediaFiles): Promise<readonly HealthFinding[]> {
    const files = [
      [key, bytes],
      [posterKey, null],
      [thumbKey, null],
    ] as const;
    const wrong = await Promise.all(
      files.map(async ([subject, size]) => [subject, await flawOf(subject, size)] as const),
    );
    return wrong.flatMap(([subject, check]) =>
      check === null ? [] : [{ check, rule: "A5", subject, assetId, mendable: false }],
    );
  }

  async function flawOf(key: string, size: number | null) {
    const found = await storage.head(key);
    if (found === null) return "file_missing";
    if (found.bytes === 0 || (size !== null && found.bytes !== size)) return "file_size_wrong";
    return deep && (await hashOf(key)) !== key.slice(0, key.indexOf(".")) ? "file_changed" : null;
  }

  async function hashOf(key: string): Promise<string | null> {
    const file = await storage.get(key);
    if (file === null) return null;
    const hash = createHash("sha256");
    for await (const chunk of file.body as AsyncIterable<Uint8Array>) hash.update(chunk);
    return hash.digest("hex");
  }
}

/** Files that nothing refers to: no fault, because one may be about to be referred to. */
export async function countUnused(
  { store, storage }: FileCheckDeps,
  signal: AbortSignal,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const referenced = await store.referencedKeys();
  let files = 0;
  let sum = 0;
  for await (const { key, bytes } of storage.list()) {
    if (signal.aborted) break;
    if (referenced.has(key)) continue;
    files += 1;
    sum += bytes;
  }
  return { files, bytes: sum };
}
