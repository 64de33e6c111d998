import type { Timers } from "@reelstate/server/Timers.ts";

/*
 * Time of a whole world. Nothing waits for a real clock: when everything that can happen now has happened, time leaps to
 * the next timer. Timers belong to realms (a server process, a browser, the provider); a realm can die, which drops its
 * timers, or be paused as by SIGSTOP: then its timers fire late, all at once, and its clock has leapt.
 */
export interface Scheduler {
  readonly now: () => number;
  readonly realm: (name: string) => Realm;
  /** Lets time pass until `done`, but no further than `limitMs` from now; false when that came first. */
  readonly run: (done: () => boolean, limitMs: number) => Promise<boolean>;
  readonly fired: () => number;
}

export interface Realm extends Timers {
  readonly name: string;
  readonly dead: () => boolean;
  readonly kill: () => void;
  readonly pause: (ms: number) => void;
}

interface Timer {
  at: number;
  /** Of two timers for the same moment the one that was set first fires first. */
  order: number;
  readonly realm: { dead: boolean; pausedUntil: number };
  callback: (() => void) | null;
}

export function openScheduler(startAt: number): Scheduler {
  let now = startAt;
  let order = 0;
  let fired = 0;
  const heap: Timer[] = [];

  function set(realm: Timer["realm"], ms: number, callback: () => void): Timer {
    order += 1;
    const timer: Timer = { at: now + Math.max(0, ms), order, realm, callback };
    push(heap, timer);
    return timer;
  }

  function openRealm(name: string): Realm {
    const realm = { dead: false, pausedUntil: 0 };
    function after(ms: number, callback: () => void): () => void {
      if (realm.dead) return () => {};
      const timer = set(realm, ms, callback);
      return () => {
        timer.callback = null;
      };
    }
    return {
      name,
      dead: () => realm.dead,
      kill: () => {
        realm.dead = true;
      },
      pause: (ms) => {
        realm.pausedUntil = Math.max(realm.pausedUntil, now + ms);
      },
      clock: () => now,
      monotonic: () => now,
      after,
      every: (ms, callback) => {
        let stop = after(ms, again);
        function again(): void {
          stop = after(ms, again);
          callback();
        }
        return () => stop();
      },
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          const stop = after(ms, done);
          function done(): void {
            stop();
            signal.removeEventListener("abort", done);
            resolve();
          }
          signal.addEventListener("abort", done);
        }),
    };
  }

  function fireNext(endAt: number): boolean {
    for (;;) {
      const timer = heap[0];
      if (timer === undefined || timer.at > endAt) return false;
      pop(heap);
      if (timer.callback === null || timer.realm.dead) continue;
      if (timer.realm.pausedUntil > timer.at) {
        timer.at = timer.realm.pausedUntil;
        push(heap, timer);
        continue;
      }
      now = Math.max(now, timer.at);
      const { callback } = timer;
      timer.callback = null;
      fired += 1;
      callback();
      return true;
    }
  }

  return {
    now: () => now,
    realm: openRealm,
    fired: () => fired,
    run: async (done, limitMs) => {
      const endAt = now + limitMs;
      for (;;) {
        await settled();
        if (done()) return true;
        if (!fireNext(endAt)) {
          now = Math.max(now, endAt);
          return done();
        }
      }
    },
  };
}

/**
 * Resolves when every promise that could go on has gone on. Node runs the tick queue only once the queue of microtasks
 * is empty, so a tick set by a microtask comes after all of them; this costs no turn of the event loop.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(() => queueMicrotask(() => process.nextTick(resolve)));
  });
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.length;
  heap.push(timer);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Timer;
    if (!isBefore(timer, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = at * 2 + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && isBefore(heap[below + 1] as Timer, heap[below] as Timer)) below += 1;
    if (!isBefore(heap[below] as Timer, last)) break;
    heap[at] = heap[below] as Timer;
    at = below;
  }
  heap[at] = last;
}
