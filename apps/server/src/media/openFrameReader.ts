import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { frameMessageSchema } from "./frameProtocol.ts";

/** Takes single frames out of video files, in a child process that lives while there is work. */
export interface FrameReader {
  /** Writes the frame at `atMs` as PNG to `outPath`. Rejects when the file cannot be decoded on this machine. */
  readonly take: (path: string, outPath: string, atMs: number) => Promise<void>;
  readonly close: () => void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

const IDLE_MS = 20_000;
const PATIENCE_MS = 30_000;

export function openFrameReader(): FrameReader {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | null = null;
  let requests = 0;

  function running(): ChildProcess {
    if (child !== null) return child;
    const started = fork(frameChildUrl(), [], { execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"] });
    child = started;
    started.on("message", (raw) => {
      const message = frameMessageSchema.safeParse(raw);
      if (!message.success) return void started.kill("SIGKILL");
      settle(message.data.id, message.data.kind === "done" ? null : new Error(message.data.message));
    });
    const gone = (): void => {
      if (child === started) child = null;
      for (const id of waiting.keys()) settle(id, new Error("the frame reader stopped"));
    };
    started.on("error", gone);
    started.on("exit", gone);
    return started;
  }

  function settle(id: number, error: Error | null): void {
    const one = waiting.get(id);
    if (one === undefined) return;
    waiting.delete(id);
    clearTimeout(one.timer);
    if (error === null) one.resolve();
    else one.reject(error);
    if (waiting.size === 0) idle = setTimeout(stop, IDLE_MS).unref();
  }

  function stop(): void {
    const stopped = child;
    child = null;
    stopped?.disconnect();
  }

  return {
    take: (path, outPath, atMs) =>
      new Promise((resolve, reject) => {
        if (idle !== null) clearTimeout(idle);
        const id = (requests += 1);
        const timer = setTimeout(() => {
          child?.kill("SIGKILL");
          settle(id, new Error("taking a frame took too long"));
        }, PATIENCE_MS);
        waiting.set(id, { resolve, reject, timer });
        running().send({ id, path, outPath, atMs }, (error) => {
          if (error) settle(id, error);
        });
      }),
    close: () => {
      if (idle !== null) clearTimeout(idle);
      child?.kill("SIGKILL");
    },
  };
}

function frameChildUrl(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./frameChild.ts" : "./frameChild.js", import.meta.url);
}
