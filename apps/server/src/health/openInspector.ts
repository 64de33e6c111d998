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

export function openInspector(file: string, start: () => Worker = () => startThread(file)): Inspector {
  let thread: Thread | null = null;
  let idle: NodeJS.Timeout | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  async function ask(): Promise<readonly Finding[]> {
    if (idle !== null) clearTimeout(idle);
    if (thread === null || thread.isGone()) thread = follow(start());
    try {
      const answer = await thread.ask();
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
    await stopped?.end();
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

interface Thread {
  /** One question at a time. */
  readonly ask: () => Promise<Inspected>;
  readonly isGone: () => boolean;
  readonly end: () => Promise<unknown>;
}

/** Listens for as long as the thread lives: what breaks it when nobody asks must not break the server with it. */
function follow(worker: Worker): Thread {
  let asked: PromiseWithResolvers<Inspected> | null = null;
  let gone = false;
  const over = (error: Error): void => {
    gone = true;
    asked?.reject(error);
  };
  worker.on("message", (answer: Inspected) => asked?.resolve(answer));
  worker.on("error", (error) => over(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", () => over(new Error("The thread that looks at the database stopped.")));
  return {
    ask: () => {
      asked = Promise.withResolvers<Inspected>();
      worker.postMessage("inspect");
      return asked.promise;
    },
    isGone: () => gone,
    end: () => worker.terminate(),
  };
}

function startThread(file: string): Worker {
  const child = import.meta.url.endsWith(".ts") ? "./inspectChild.ts" : "./inspectChild.js";
  return new Worker(new URL(child, import.meta.url), { workerData: { file } });
}
