import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { endWithUs } from "./endWithUs.ts";
import { freePort } from "./freePort.ts";
import type { ChildProcess } from "node:child_process";

/** A process of the built program, on an address that stays its own. */
export interface Program extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  /** Of the process that runs now. */
  readonly pid: () => number | undefined;
  /** Pulls the plug: SIGKILL, nothing is flushed. Answers whether there was a process to kill. */
  readonly kill9: () => Promise<boolean>;
  /** SIGTERM: it drains; the exit code it ends with. */
  readonly terminate: () => Promise<number | null>;
  /** SIGSTOP and SIGCONT are what a closed laptop lid does to a process. Nothing is waited for; answers whether it was sent. */
  readonly signal: (name: NodeJS.Signals) => boolean;
  /** Starts it again after its end, without limits unless told; resolves once it is ready. */
  readonly start: (limits?: Limits) => Promise<void>;
  readonly isReady: () => Promise<boolean>;
  /** What becomes of another process that is started with the same environment. */
  readonly another: () => Promise<{ readonly code: number | null; readonly said: string }>;
}

/** What the operating system does not let the process do. */
export interface Limits {
  /** No file may grow beyond this: to a program that writes, the disk is full. */
  readonly fileBytes?: number;
}

export interface ProgramOptions {
  readonly name: string;
  /** All that it is told: nothing is taken over from a studio that is set up where we run. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits?: Limits;
  /** Whether Ctrl-C in the terminal reaches only us, and not it too before it is told to drain. */
  readonly ownGroup?: boolean;
  /** Hears of each line it prints. Nothing but the last few is kept here, however long it runs. */
  readonly onLine?: (line: string) => void;
  /** Hears when it ends after it was ready, and nobody here ended it. */
  readonly onGone?: (how: string) => void;
}

const SERVER = fileURLToPath(new URL("../../server/dist/main.js", import.meta.url));
/** What any program needs to know of where it runs. */
const SURROUNDINGS = ["PATH", "HOME", "USER", "TMPDIR", "LANG", "LC_ALL", "TZ"] as const;
/** For a start that hangs, not for one that is slow on a busy machine. */
const READY_PATIENCE_MS = 120_000;
const PROBE_MS = 2_000;
const LOOK_EVERY_MS = 20;
const KEPT_LINES = 30;

/** Starts the built program; resolves once `/readyz` says yes. */
export async function openProgram(options: ProgramOptions): Promise<Program> {
  const { name, onLine = () => {}, onGone = () => {} } = options;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lastLines: string[] = [];
  let child: ChildProcess | null = null;

  function hear(line: string): void {
    lastLines.push(line);
    if (lastLines.length > KEPT_LINES) lastLines.shift();
    onLine(line);
  }

  function spawnOn(ownPort: number, said: (line: string) => void, { fileBytes }: Limits = {}): ChildProcess {
    // The shell counts in blocks of 512 bytes, and becomes the program.
    const limited = fileBytes === undefined ? "exec" : `ulimit -f ${Math.floor(fileBytes / 512)} && exec`;
    const started = spawn("/bin/sh", ["-c", `${limited} "$@"`, "sh", process.execPath, SERVER], {
      env: { ...surroundings(), NODE_ENV: "production", PORT: String(ownPort), ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: options.ownGroup ?? false,
    });
    endWithUs(started);
    for (const input of [started.stdout, started.stderr])
      createInterface({ input }).on("line", (line) => line !== "" && said(line));
    return started;
  }

  const isReady = (): Promise<boolean> =>
    fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PROBE_MS) }).then(
      ({ ok }) => ok,
      () => false,
    );

  async function start(limits?: Limits): Promise<void> {
    lastLines.length = 0;
    const started = spawnOn(port, hear, limits);
    child = started;
    for (const end = Date.now() + READY_PATIENCE_MS; Date.now() < end && !hasEnded(started);) {
      if (await isReady()) {
        started.once("exit", (code, signal) => child === started && onGone(`ended by itself with ${signal ?? code}`));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    started.kill("SIGKILL");
    throw new Error(`${name} did not become ready:\n${lastLines.join("\n")}`);
  }

  async function another(): Promise<{ readonly code: number | null; readonly said: string }> {
    const said: string[] = [];
    const other = spawnOn(await freePort(), (line) => said.push(line));
    await once(other, "close");
    return { code: other.exitCode, said: said.join("\n") };
  }

  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    const running = child;
    child = null;
    if (running === null || hasEnded(running)) return running?.exitCode ?? null;
    const exited = once(running, "exit");
    running.kill(signal);
    await exited;
    return running.exitCode;
  }

  await start(options.limits);
  return {
    name,
    url,
    pid: () => child?.pid,
    start,
    isReady,
    another,
    kill9: async () => {
      const runs = child !== null && !hasEnded(child);
      await end("SIGKILL");
      return runs;
    },
    terminate: () => end("SIGTERM"),
    signal: (signal) => child?.kill(signal) ?? false,
    [Symbol.asyncDispose]: async () => {
      child?.kill("SIGCONT");
      await end("SIGKILL");
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function surroundings(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(SURROUNDINGS.map((name) => [name, process.env[name]]));
}
