import { createChance } from "./clock/createChance.ts";
import { openScheduler } from "./clock/openScheduler.ts";
import type { Breakage } from "./Breakage.ts";
import type { Chance } from "./clock/createChance.ts";
import type { Scheduler } from "./clock/openScheduler.ts";

/** What a life takes place in: time, chance, whether there is trouble, and the record of everything that happened. */
export interface World {
  readonly scheduler: Scheduler;
  /** Each part draws from a stream of its own. */
  readonly chance: Chance;
  /** Draws how the studio is set up: apart from all else, so that one setting more leaves the other lives as they were. */
  readonly settings: Chance;
  /** Faults happen only while this is true; then everything must come to rest. */
  trouble: boolean;
  readonly newId: <Brand extends string>() => Brand;
  /** One line of the life: part of the trace that a seed always gives again. */
  readonly tell: (who: string, what: string, detail?: string) => void;
  /** Something that must never be. */
  readonly accuse: (rule: string, what: string) => void;
  readonly accusations: string[];
  readonly trace: () => string;
  readonly breakage: Breakage;
  readonly counts: {
    deaths: number;
    effects: number;
    submits: number;
    renders: number;
    resets: number;
    collected: number;
  };
}

export type Listener = (at: number, who: string, what: string, detail: string) => void;

const SETTINGS = 0x5e771465;
export const BEGINNING = Date.UTC(2030, 0, 1);

/** What is particular about one playing of a life. Whether anybody listens changes nothing of it. */
export interface Playing {
  readonly listen?: Listener;
  readonly breakage?: Breakage;
}

export function openWorld(seed: number, { listen, breakage = {} }: Playing): World {
  const scheduler = openScheduler(BEGINNING);
  const accusations: string[] = [];
  let ids = 0;
  let hash = 0x811c9dc5;
  let hashed = 0;

  function tell(who: string, what: string, detail = ""): void {
    const at = scheduler.now() - BEGINNING;
    const line = `${at} ${who} ${what} ${detail}`;
    for (let index = 0; index < line.length; index += 1) hash = Math.imul(hash ^ line.charCodeAt(index), 0x01000193);
    hashed += 1;
    listen?.(at, who, what, detail);
  }

  return {
    scheduler,
    chance: createChance(seed),
    settings: createChance(seed ^ SETTINGS),
    trouble: true,
    newId: <Brand extends string>() => {
      ids += 1;
      // Sorts by the time it was made, as the studio's own ids do.
      return `${scheduler.now().toString(36)}-${ids.toString(36).padStart(4, "0")}` as Brand;
    },
    tell,
    accuse: (rule, what) => {
      accusations.push(`[${rule}] ${what}`);
      tell("judge", rule, what);
    },
    accusations,
    breakage,
    trace: () => `${hashed}-${(hash >>> 0).toString(16)}`,
    counts: { deaths: 0, effects: 0, submits: 0, renders: 0, resets: 0, collected: 0 },
  };
}
