import { chanceFrom } from "../storm/chanceFrom.ts";

/** What happens to a cluster; who it happens to is counted from the first of its kind. */
export type Blow =
  /** kill -9, and a new start a while later, as whatever watches over processes does it. */
  | { readonly kind: "kill"; readonly role: Role; readonly number: number; readonly downMs: number }
  /** SIGSTOP, and SIGCONT when its leases are over and somebody else has its jobs. */
  | { readonly kind: "stop"; readonly role: Role; readonly number: number }
  /** The connection breaks at the process's next COMMIT: before it has left, or after, and before its answer. */
  | { readonly kind: "cut"; readonly role: Role; readonly number: number; readonly when: "before" | "after" }
  /** So many sessions are ended by the server's administrator. */
  | { readonly kind: "endSessions"; readonly count: number; readonly draw: number }
  | { readonly kind: "restartDatabase" };

export type Role = "api" | "worker";

export interface Sizes {
  readonly apis: number;
  readonly workers: number;
}

/** The blows that a seed stands for, without end: each round has all kinds, in an order of its own. */
export function* planBlows(seed: number, { apis, workers }: Sizes): Generator<Blow, never> {
  const chance = chanceFrom(seed);
  const worker = () => ({ role: "worker", number: chance.between(0, workers) }) as const;
  const api = () => ({ role: "api", number: chance.between(0, apis) }) as const;
  const anyone = () => (chance.happens(0.4) ? api() : worker());
  const kill = (one: ReturnType<typeof anyone>): Blow => ({ kind: "kill", ...one, downMs: chance.between(0, 1_500) });
  const ROUND: readonly (() => Blow)[] = [
    () => kill(worker()),
    () => kill(worker()),
    () => kill(api()),
    () => ({ kind: "stop", ...worker() }),
    () => ({ kind: "cut", ...worker(), when: "after" }),
    () => ({ kind: "cut", ...api(), when: "after" }),
    () => ({ kind: "cut", ...anyone(), when: chance.oneOf(["before", "after"]) }),
    () => ({ kind: "endSessions", count: chance.between(1, 12), draw: chance.between(0, 1_000_000) }),
    () => ({ kind: "restartDatabase" }),
  ];
  for (;;) {
    let left = [...ROUND];
    while (left.length > 0) {
      const draw = chance.oneOf(left);
      left = left.filter((other) => other !== draw);
      yield draw();
    }
  }
}

/** How many blows hold every kind. */
export const ROUND_OF_BLOWS = 9;
