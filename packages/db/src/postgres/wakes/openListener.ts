import { setTimeout as pause } from "node:timers/promises";
import { listen } from "./listen.ts";
import type { ClientConfig } from "pg";
import type { Listening } from "./listen.ts";
import type { Heard } from "./notification.ts";

export interface ListenerOptions {
  readonly heard: (heard: Heard) => void;
  /** The connection was lost, and there is a new one. */
  readonly foundAgain: () => void;
}

/** Hears what other processes say, on a connection of its own, and on another one when that is lost. */
export interface Listener {
  readonly close: () => Promise<void>;
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

/** Resolves once it hears; rejects when the server cannot be reached at first. */
export async function openListener(connection: ClientConfig, options: ListenerOptions): Promise<Listener> {
  const closing = new AbortController();
  let current = await listen(connection, options.heard);
  const following = follow();

  async function follow(): Promise<void> {
    while (!closing.signal.aborted) {
      await current.lost;
      const next = await again();
      if (next === null) return;
      current = next;
      options.foundAgain();
    }
  }

  /** Null once it is closed. */
  async function again(): Promise<Listening | null> {
    for (let wait = FIRST_WAIT_MS; !closing.signal.aborted; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
      try {
        // Not all processes at the same moment: a server that comes back has enough to do.
        await pause(wait * (0.5 + Math.random() / 2), undefined, { signal: closing.signal, ref: false });
        return await listen(connection, options.heard);
      } catch {
        // It is asked again, until it is there or we are gone.
      }
    }
    return null;
  }

  return {
    close: async () => {
      closing.abort();
      await current.end();
      await following;
      // One that was found in the last moment.
      await current.end();
    },
  };
}
