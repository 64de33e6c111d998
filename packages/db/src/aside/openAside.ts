/** What stays as it is because its rows do not fit together, while everything else goes on. */
export interface SetAside {
  readonly kind: "job" | "asset" | "workspace";
  readonly id: string;
  readonly during: "claim" | "sweep" | "prune";
  /** What the machine or the tables said of it. */
  readonly error: unknown;
}

/**
 * Whose rows contradict each other, which takes a hand in the database: every command that goes through many leaves these out, so
 * that one of them never stops the others. Remembered by each process for a minute, then tried again, because a doctor may
 * have been there.
 */
export interface Aside {
  readonly has: (id: string) => boolean;
  readonly ids: () => readonly string[];
  /** How many more a command has to look at to find as many as it wants. */
  readonly size: () => number;
  readonly put: (one: SetAside) => void;
  /** Something was mended. */
  readonly clear: () => void;
}

const FOR_MS = 60_000;

export function openAside(clock: () => number, told: (one: SetAside) => void): Aside {
  // In the order in which they were put, and so in that in which their time is over.
  const until = new Map<string, number>();

  function forget(): void {
    if (until.size === 0) return;
    const now = clock();
    for (const [id, end] of until) {
      if (end > now) return;
      until.delete(id);
    }
  }

  return {
    has: (id) => until.has(id),
    ids: () => {
      forget();
      return [...until.keys()];
    },
    size: () => {
      forget();
      return until.size;
    },
    put: (one) => {
      until.delete(one.id);
      until.set(one.id, clock() + FOR_MS);
      told(one);
    },
    clear: () => until.clear(),
  };
}
