import { usualRun } from "../../rows/usualRun.ts";
import type { RunTime } from "../../rows/usualRun.ts";
import type { Session } from "../Session.ts";

/** A model's usual run time; null without a history. */
export function usualRunTime(session: Session, model: string): RunTime | null {
  return session.runTimes(model, () => usualRun(session.sql.runTimes.all(model) as number[]));
}
