import { durationMs } from "@reelstate/lifecycle";
import type { DurationMs } from "@reelstate/lifecycle";
import type { Session } from "../Session.ts";

/** By the database's clock: whoever arms a timer with it needs to know no other. */
export function nextTry(session: Session, { models }: { readonly models: readonly string[] }): DurationMs | null {
  const now = session.now();
  const at = session.sql.nextTryAt.get({ now, models: JSON.stringify(models) }) as number | undefined;
  return at === undefined ? null : durationMs(at - now);
}
