import { durationMs } from "@reelstate/lifecycle";
import type { Span, WorkspaceId } from "@reelstate/lifecycle";
import type { RunTime } from "./usualRun.ts";

/** Places are counted no further than this: beyond it, "more than 50 ahead". */
export const LONGEST_LINE = 50;

/** A workspace's line for a model. */
export interface QueuedLine {
  readonly workspaceId: WorkspaceId;
  readonly model: string;
  readonly provider: string;
}

/** What decides when a job in line is likely to start. */
export interface LineFacts {
  /** How many such jobs may run at once; null when nothing limits them. */
  readonly slots: number | null;
  readonly usual: RunTime | null;
  /** How many workspaces have a line for the model: they take turns. */
  readonly workspaces: number;
}

/** `null` where no number may be said: the model has no limit or no history (U3). */
export function startsIn({ slots, usual, workspaces }: LineFacts, place: number): Span | null {
  if (slots === null || slots < 1 || usual === null) return null;
  const rounds = Math.ceil((place * Math.max(1, workspaces)) / slots);
  // Those that run now may be about to end, or have just begun.
  return { low: durationMs((rounds - 1) * usual.low), high: durationMs(rounds * usual.high) };
}
