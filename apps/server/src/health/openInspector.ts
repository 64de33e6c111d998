import { Worker } from "node:worker_threads";
import type { Finding } from "@reelstate/db";

export type Inspected =
  | { readonly ok: true; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly message: string };

/** Asks what is wrong with the database's rows, over a connection and in a thread of its own. */
export interface Inspector {
  readonly inspect: () => Promise<readonly Finding[]>;
  readonly close: () => Promise<void>;
}

/** A repair asks several times; who does not ask any more needs no thread. */
const IDLE_MS = 20_000;

export function openInspector(file: string): Inspector {
  let thread: Worker | null = null;
  let idle: NodeJS.Timeout | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  async function ask(): Promise<readonly Finding[]> {
    if (idle !== null) clearTimeout(idle);
    const asked = (thread ??= new Worker(inspectChildUrl(), { workerData: { file } }));
    try {
      const answer = await answerOf(asked);
      if (!answer.ok) throw new Error(answer.message);
      return answer.findings;
    } catch (error) {
      await stop();
      throw error;
    } finally {
      idle = setTimeout(() => void stop(), IDLE_MS).unref();
    }
  }

  async function stop(): Promise<void> {
    const stopped = thread;
    thread = null;
    await stopped?.terminate();
  }

  return {
    inspect: () => {
      const answer = turn.then(ask, ask);
      turn = answer;
      return answer;
    },
    close: async () => {
      if (idle !== null) clearTimeout(idle);
      await stop();
    },
  };
}

function answerOf(thread: Worker): Promise<Inspected> {
  const { promise, resolve, reject } = Promise.withResolvers<Inspected>();
  const gone = (): void => reject(new Error("The thread that looks at the database stopped."));
  thread.once("message", resolve).once("error", reject).once("exit", gone);
  thread.postMessage("inspect");
  return promise.finally(() => {
    thread.removeAllListeners("message").removeAllListeners("error").removeAllListeners("exit");
  });
}

function inspectChildUrl(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./inspectChild.ts" : "./inspectChild.js", import.meta.url);
}
