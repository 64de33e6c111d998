import { fork } from "node:child_process";
import type { DurationMs } from "@reelstate/lifecycle";
import { RenderError } from "./RenderError.ts";
import { renderChildUrl } from "./renderChildUrl.ts";
import { renderMessageSchema } from "./protocol.ts";
import type { RenderRequest } from "./protocol.ts";

export interface RenderOptions {
  readonly timeoutMs: DurationMs;
  readonly onProgress: (done: number, total: number) => void;
}

export interface Render {
  readonly pid: number | undefined;
  /** Resolves once the whole file is at `outPath`; rejects with a RenderError. */
  readonly finished: Promise<{ readonly bytes: number }>;
  /** Kills the child; `finished` then rejects as `cancelled`, unless it had finished first. */
  cancel(): void;
}

export type StartRender = (request: RenderRequest, options: RenderOptions) => Render;

/** As much of the child's last words as is worth keeping. */
const STDERR_KEPT = 2000;

/** Renders one request in a child process of its own, so that drawing never delays a heartbeat or a click. */
export function startRender(request: RenderRequest, { timeoutMs, onProgress }: RenderOptions): Render {
  const child = fork(renderChildUrl(), [], { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly bytes: number }>();
  let stderr = "";
  let farthest = 0;
  let outcome: { readonly bytes: number } | RenderError | undefined;
  const end = (result: { readonly bytes: number } | RenderError): void => {
    if (outcome !== undefined) return;
    outcome = result;
    clearTimeout(timer);
  };
  const kill = (error: RenderError): void => {
    end(error);
    child.kill("SIGKILL");
  };
  const timer = setTimeout(
    () => kill(new RenderError("timeout", `The renderer took longer than ${timeoutMs} ms.`)),
    timeoutMs,
  );

  child.stderr?.setEncoding("utf8").on("data", (words: string) => {
    stderr = (stderr + words).slice(-STDERR_KEPT);
  });
  child.on("message", (raw) => {
    const parsed = renderMessageSchema.safeParse(raw);
    if (!parsed.success) {
      kill(
        new RenderError("internal", "The renderer said something that is not in its protocol.", {
          cause: parsed.error,
        }),
      );
      return;
    }
    const message = parsed.data;
    if (message.kind === "done") {
      end({ bytes: message.bytes });
    } else if (message.kind === "failed") {
      end(new RenderError(message.code, message.message));
    } else if (outcome === undefined && message.done > farthest) {
      farthest = message.done;
      onProgress(message.done, message.total);
    }
  });
  child.on("error", (cause) => end(new RenderError("crashed", "The renderer could not be started.", { cause })));
  // After "close" nothing more can arrive; only then is a silent child known to have said nothing.
  child.on("close", (code, signal) => {
    end(
      new RenderError(
        "crashed",
        `The renderer stopped (${signal ?? `exit code ${code}`}).`,
        stderr ? { cause: stderr } : {},
      ),
    );
    if (outcome instanceof RenderError) reject(outcome);
    else if (outcome) resolve(outcome);
  });
  child.send(request, (cause) => {
    if (cause) kill(new RenderError("crashed", "The renderer did not take its request.", { cause }));
  });

  return {
    pid: child.pid,
    finished: promise,
    cancel: () => kill(new RenderError("cancelled", "The render was cancelled.")),
  };
}
