import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** For a start that hangs, not for one that is slow on a busy machine. */
const READY_PATIENCE_MS = 120_000;
const SERVER = fileURLToPath(new URL("../../../server/dist/main.js", import.meta.url));

/** The built program, as a person starts it: a process of its own, on a port and in a folder of its own. */
export interface Studio extends AsyncDisposable {
  readonly url: string;
  readonly dataDir: string;
  /** Everything the process printed, a line each; grows while it runs. */
  readonly lines: readonly string[];
  /** Pulls the plug: SIGKILL, nothing is flushed. */
  kill9(): Promise<void>;
  /** SIGTERM, and the exit code it ends with. */
  terminate(): Promise<number | null>;
  /** SIGSTOP and SIGCONT: what a closed laptop lid does to a process. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** What becomes of another process that is started on the same folder. */
  another(): Promise<{ readonly code: number | null; readonly said: string }>;
  /** Copies the database of a stopped studio; `restore` puts the copy back where it was. */
  copyDatabase(): Promise<{ restore(): Promise<void> }>;
  /** Starts it again on the same port and folder, without limits unless told; resolves once it is ready. */
  start(limits?: Limits): Promise<void>;
}

/** What the operating system does not let the process do. */
export interface Limits {
  /** No file may grow beyond this: to a program that writes, the disk is full. */
  readonly fileBytes?: number;
}

/** Starts the built studio with the simulator on; resolves once `/readyz` answers. */
export async function startStudio(env: Readonly<Record<string, string>> = {}, limits: Limits = {}): Promise<Studio> {
  const dataDir = await mkdtemp(join(tmpdir(), "reelstate-e2e-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  let child: ChildProcess | null = null;

  function spawnOn(ownPort: number, said: string[], { fileBytes }: Limits = {}): ChildProcess {
    // The shell counts in blocks of 512 bytes, and becomes the studio.
    const limited = fileBytes === undefined ? "exec" : `ulimit -f ${Math.floor(fileBytes / 512)} && exec`;
    const started = spawn("/bin/sh", ["-c", `${limited} "$@"`, "sh", process.execPath, SERVER], {
      env: {
        ...process.env,
        NODE_ENV: "production",
        PORT: String(ownPort),
        DATA_DIR: dataDir,
        REELSTATE_SIMULATOR: "1",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => said.push(...text.split("\n").filter(Boolean)));
    }
    return started;
  }

  async function start(now: Limits = {}): Promise<void> {
    child = spawnOn(port, lines, now);
    await untilReady(url, child, lines);
  }

  async function another(): Promise<{ readonly code: number | null; readonly said: string }> {
    const said: string[] = [];
    const other = spawnOn(await freePort(), said);
    await once(other, "close");
    return { code: other.exitCode, said: said.join("\n") };
  }

  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return running?.exitCode ?? null;
    const exited = once(running, "exit");
    running.kill(signal);
    await exited;
    return running.exitCode;
  }

  await start(limits);
  return {
    url,
    dataDir,
    lines,
    start,
    another,
    kill9: async () => void (await end("SIGKILL")),
    terminate: () => end("SIGTERM"),
    copyDatabase: async () => {
      const file = join(dataDir, "reelstate.sqlite");
      const copy = `${file}.copy`;
      await copyFile(file, copy);
      return {
        restore: async () => {
          await Promise.all(["-wal", "-shm"].map((end) => rm(`${file}${end}`, { force: true })));
          await copyFile(copy, file);
        },
      };
    },
    signal: (name) => void child?.kill(name),
    [Symbol.asyncDispose]: async () => {
      child?.kill("SIGCONT");
      await end("SIGKILL");
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function untilReady(url: string, child: ChildProcess, lines: readonly string[]): Promise<void> {
  const deadline = Date.now() + READY_PATIENCE_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break;
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGKILL");
  throw new Error(`the studio did not become ready:\n${lines.slice(-30).join("\n")}`);
}

/** Below the ports that outgoing connections are given, so that nobody takes it while the studio is down. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const server = createServer().listen(port, "127.0.0.1");
    const free = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
