import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "./freePort.ts";
import type { ChildProcess } from "node:child_process";

/** One process of the built program, on an address that stays its own. */
export interface Member extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  /** Everything it printed, a line each; grows while it runs. */
  readonly lines: readonly string[];
  /** Pulls the plug: SIGKILL, nothing is flushed. */
  readonly kill9: () => Promise<void>;
  /** SIGTERM: it drains; the exit code it ends with. */
  readonly terminate: () => Promise<number | null>;
  /** What a closed laptop lid does to a process. */
  readonly signal: (name: "SIGSTOP" | "SIGCONT") => void;
  /** Starts it again after its end; resolves once it is ready. */
  readonly start: () => Promise<void>;
  readonly isReady: () => Promise<boolean>;
}

const SERVER = fileURLToPath(new URL("../../server/dist/main.js", import.meta.url));
/** For a start that hangs, not for one that is slow on a busy machine. */
const READY_PATIENCE_MS = 120_000;
const PROBE_MS = 2_000;
const TOLD_LINES = 30;

/** Starts the built program with this environment; resolves once `/readyz` says yes. */
export async function openMember(name: string, env: Readonly<Record<string, string>>): Promise<Member> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  let child: ChildProcess | null = null;

  const isReady = (): Promise<boolean> =>
    fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PROBE_MS) }).then(
      ({ ok }) => ok,
      () => false,
    );

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [SERVER], {
      env: { ...process.env, NODE_ENV: "production", PORT: String(port), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // Of its own group: Ctrl-C is for whoever started it, and would reach it before it is told to drain.
      detached: true,
    });
    child = started;
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => lines.push(...text.split("\n").filter(Boolean)));
    for (const end = Date.now() + READY_PATIENCE_MS; Date.now() < end && started.exitCode === null;) {
      if (await isReady()) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    started.kill("SIGKILL");
    throw new Error(`${name} did not become ready:\n${lines.slice(-TOLD_LINES).join("\n")}`);
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

  await start();
  return {
    name,
    url,
    lines,
    start,
    isReady,
    kill9: async () => void (await end("SIGKILL")),
    terminate: () => end("SIGTERM"),
    signal: (signal) => void child?.kill(signal),
    [Symbol.asyncDispose]: async () => {
      child?.kill("SIGCONT");
      await end("SIGKILL");
    },
  };
}
