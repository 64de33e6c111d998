import { useSyncExternalStore } from "react";

const SECOND = 1_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time by this browser, a second at a time; one clock for every card that counts. Asks nobody anything. */
export function useNow(counting: boolean): number {
  return useSyncExternalStore(counting ? subscribe : stayStill, readNow);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, SECOND);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function stayStill(): () => void {
  return () => {};
}

function readNow(): number {
  return now;
}
