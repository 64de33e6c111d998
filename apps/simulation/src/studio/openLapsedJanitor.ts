import { openJanitor } from "@reelstate/server/worker/openJanitor.ts";
import { durationMs } from "@reelstate/lifecycle";
import { pino } from "pino";
import { BEGINNING } from "../World.ts";
import type { Store } from "@reelstate/db";
import type { Storage } from "@reelstate/server/storage/Storage.ts";
import type { Janitor, Keep } from "@reelstate/server/worker/openJanitor.ts";
import type { DurationMs } from "@reelstate/lifecycle";
import type { Realm } from "../clock/openScheduler.ts";

const DAY_MS = 24 * 3_600_000;
/** What a day of the janitor's lasts. Longer than any attempt may take to refer to a file that it has put. */
export const LAPSED_DAY_MS = 30_000;
const LAPSE = DAY_MS / LAPSED_DAY_MS;

interface Deps {
  readonly realm: Realm;
  readonly store: Store;
  readonly storage: Storage;
}

/**
 * The janitor works in hours and days, and a life lasts half a minute: this one's time goes by faster, and whatever it
 * says or hears of time is translated at its doors. How long a key is remembered stays as it is (C4): browsers repeat
 * their presses in the time of everybody else.
 */
export function openLapsedJanitor({ realm, store, storage }: Deps, keep: Keep): Janitor {
  const lapsed = (at: number): number => BEGINNING + (at - BEGINNING) * LAPSE;
  const real = (at: number): number => BEGINNING + (at - BEGINNING) / LAPSE;
  const short = (ms: number): DurationMs => durationMs(ms / LAPSE);
  return openJanitor(
    {
      clock: () => lapsed(realm.clock()),
      every: (ms, callback) => realm.every(ms / LAPSE, callback),
      sleep: (ms, signal) => realm.sleep(ms / LAPSE, signal),
      store: {
        prune: (policy) =>
          store.prune({
            ...policy,
            eventsOlderThanMs: short(policy.eventsOlderThanMs),
            jobsOlderThanMs: short(policy.jobsOlderThanMs),
            binOlderThanMs: short(policy.binOlderThanMs),
          }),
        referencedKeys: store.referencedKeys,
      },
      storage: {
        list: async function* () {
          for await (const file of storage.list()) yield { ...file, modifiedAt: lapsed(file.modifiedAt) };
        },
        deleteUntouched: (key, since) => storage.deleteUntouched(key, real(since)),
        removeLeftovers: (since) => storage.removeLeftovers(real(since)),
      },
      log: pino({ level: "silent" }),
    },
    keep,
  );
}
