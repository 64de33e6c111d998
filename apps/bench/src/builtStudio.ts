import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { ChildProcess } from "node:child_process";
import type { AddressInfo } from "node:net";

const SERVER = fileURLToPath(new URL("../../server/dist/main.js", import.meta.url));
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

/** The built program in a process of its own. */
export function spawnStudio(dataDir: string, port: number): ChildProcess {
  return spawn(process.execPath, [SERVER], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(port),
      DATA_DIR: dataDir,
      REELSTATE_SIMULATOR: "1",
      LOG_LEVEL: "error",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** The same with an empty folder, once it is ready. */
export async function startBuiltStudio(): Promise<BuiltStudio> {
  const dataDir = await mkdtemp(join(tmpdir(), "reelstate-bench-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawnStudio(dataDir, port);
  for (;;) {
    if (child.exitCode !== null) throw new Error("the studio ended instead of starting");
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return {
    url,
    readyMs: performance.now() - startedAt,
    memoryMb: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
    },
    cpuMs: async () => {
      const stat = await readFile(`/proc/${child.pid}/stat`, "utf8");
      // After the name in brackets: the state is the third field, user and system time the fourteenth and fifteenth.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return 10 * (Number(fields[11]) + Number(fields[12]));
    },
    [Symbol.asyncDispose]: async () => {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
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

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
