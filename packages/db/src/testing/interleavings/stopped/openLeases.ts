import { LEASE } from "../openScene.ts";
import type { Told } from "../Told.ts";

/** Who was told that a lease is his, and until when at the least: reckoned from what was answered, not read from the store. */
export function openLeases() {
  const until = new Map<string, number>();
  const mark = ({ jobId, attempt }: { readonly jobId: string | null; readonly attempt: number }): string =>
    `${jobId} ${attempt}`;

  return {
    /** The step began at this moment; its lease is from then or later. */
    given: ({ kind, done, by }: Told, began: number): void => {
      if (done && by !== undefined && (kind === "claim" || kind === "heartbeat")) until.set(mark(by), began + LEASE);
    },
    /** What is wrong with what a sweep has taken, who may have found it before it was renewed (J6). */
    taken: ({ transitions = [] }: Told, now: number): readonly string[] =>
      transitions
        .filter((one) => one.event === "lose" && (until.get(mark(one)) ?? 0) > now)
        .map(({ attempt }) => `J6 the lease of attempt ${attempt} was taken although it had just been renewed`),
  };
}
