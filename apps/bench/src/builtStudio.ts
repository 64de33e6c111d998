import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openProgram } from "@reelstate/cluster/program";
import type { Program } from "@reelstate/cluster/program";

const WEB = new URL("../../web/dist/", import.meta.url);

export interface BuiltStudio extends AsyncDisposable {
  readonly url: string;
  /** From starting the process to the first `/readyz` that says yes. */
  readonly readyMs: number;
  /** Resident memory of the server's process. */
  readonly memoryMb: () => Promise<number>;
  /** Processor time that it has used, in milliseconds; the system counts it in hundredths of a second. */
  readonly cpuMs: () => Promise<number>;
}

/** The built program with an empty folder, once it is ready: told all it needs, and nothing of a studio that is set up here. */
export async function startBuiltStudio(): Promise<BuiltStudio> {
  await using starting = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "reelstate-bench-"));
  starting.defer(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  const startedAt = performance.now();
  const program = starting.use(await openBuiltStudio(dataDir));
  const readyMs = performance.now() - startedAt;
  const parts = starting.move();
  return {
    url: program.url,
    readyMs,
    memoryMb: async () => {
      const status = await readFile(`/proc/${program.pid()}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
    },
    cpuMs: async () => {
      const stat = await readFile(`/proc/${program.pid()}/stat`, "utf8");
      // After the name in brackets: the state is the third field, user and system time the fourteenth and fifteenth.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return 10 * (Number(fields[11]) + Number(fields[12]));
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

export function openBuiltStudio(dataDir: string): Promise<Program> {
  return openProgram({
    name: "the studio",
    env: { DATA_DIR: dataDir, REELSTATE_SIMULATOR: "1", LOG_LEVEL: "error" },
    // What it calls an error belongs to whoever measures.
    onLine: (line) => void process.stderr.write(line.startsWith("{") ? `${line}\n` : ""),
  });
}

/** Kilobytes of gzipped JavaScript that the first page needs: the entry and what it imports statically. */
export async function firstLoadKb(): Promise<number> {
  const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", WEB), "utf8")) as Readonly<
    Record<string, { readonly file: string; readonly isEntry?: boolean; readonly imports?: readonly string[] }>
  >;
  const needed = new Set<string>();
  const add = (key: string): void => {
    const chunk = manifest[key];
    if (chunk === undefined || needed.has(chunk.file)) return;
    needed.add(chunk.file);
    for (const other of chunk.imports ?? []) add(other);
  };
  for (const [key, { isEntry }] of Object.entries(manifest)) if (isEntry === true) add(key);
  const sizes = await Promise.all([...needed].map(async (file) => gzipSync(await readFile(new URL(file, WEB))).length));
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}
