import { randomUUID } from "node:crypto";
import { openListener } from "./openListener.ts";
import { openNotifier } from "./openNotifier.ts";
import type { ClientConfig } from "pg";
import type { Wake } from "../../store/feed.ts";

/**
 * Wakes of one process. Its own listeners hear at once, after the commit; those of other processes by one NOTIFY for many
 * commits, which is sent on a connection of its own: inside a transition it would make every commit wait for a lock that all of
 * the server's commits share. A wake carries no data and may be lost: whoever waits looks every second in any case.
 */
export interface Wakes {
  readonly wake: (wake: Wake) => void;
  readonly onWake: (listener: (wake: Wake) => void) => () => void;
  readonly close: () => Promise<void>;
}

export interface WakesOptions {
  /** How to connect; null when no other process works on the database. */
  readonly others: ClientConfig | null;
  /** Called when the way to the server was lost and found again: what was true of it may have changed. */
  readonly onFoundAgain?: () => void;
}

/** Resolves once others are heard. */
export async function openWakes({ others, onFoundAgain }: WakesOptions): Promise<Wakes> {
  const listeners = new Set<(wake: Wake) => void>();
  const tell = (wake: Wake): void => {
    for (const listener of listeners) listener(wake);
  };
  const onWake = (listener: (wake: Wake) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  if (others === null) return { wake: tell, onWake, close: async () => listeners.clear() };

  // What this process itself says comes back to it, and its listeners have heard it already.
  const self = randomUUID().slice(0, 8);
  const notifier = openNotifier(others, self);
  const listener = await openListener(others, {
    heard: ({ by, wake }) => {
      if (by !== self) tell(wake);
    },
    // Whatever was said meanwhile was not heard.
    foundAgain: () => {
      onFoundAgain?.();
      tell({ feed: true, work: true });
    },
  });
  return {
    wake: (wake) => {
      notifier.send(wake);
      tell(wake);
    },
    onWake,
    close: async () => {
      listeners.clear();
      await Promise.all([notifier.close(), listener.close()]);
    },
  };
}
