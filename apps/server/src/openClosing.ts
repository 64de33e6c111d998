import { span } from "./span.ts";
import type { Logger } from "pino";
import type { Timers } from "./Timers.ts";

interface Deps extends Pick<Timers, "clock" | "monotonic" | "after"> {
  readonly log: Logger;
}

type Close = () => Promise<void>;

/** Each part has at least this, so that one that hangs does not take the time of all that follow. */
const LEAST_MS = 300;

/**
 * Makes the closing of a part end: all of them together have `withinMs`, counted from the first. What hangs is named in the
 * log and left behind, because whoever told us to stop kills what does not, and then nothing at all is closed.
 */
export function openClosing(deps: Deps, withinMs: number): (part: string, close: Close) => Close {
  let since: (() => number) | null = null;
  return (part, close) => async () => {
    since ??= span(deps);
    const patience = Math.max(LEAST_MS, withinMs - since());
    const tooLate = Promise.withResolvers<"late">();
    const stopWaiting = deps.after(patience, () => tooLate.resolve("late"));
    const closed = close();
    // Whoever breaks after it was left behind has nobody to tell.
    closed.catch(() => {});
    const ended = await Promise.race([closed, tooLate.promise]).finally(stopWaiting);
    if (ended === "late") deps.log.warn({ part }, "a part did not stop in time and is left behind");
  };
}
