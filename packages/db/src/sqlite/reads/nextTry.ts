import { durationMs } from "@reelstate/lifecycle";
import type { DurationMs } from "@reelstate/lifecycle";
import type { Offered } from "../../store/attempts.ts";
import type { Session } from "../Session.ts";

/** By the database's clock: whoever arms a timer with it needs to know no other. */
export function nextTry(session: Session, offered: Offered): DurationMs | null {
  const now = session.now();
  const [models, providers] = [JSON.stringify(offered.models), JSON.stringify(offered.providers)];
  const at = session.sql.nextTryAt.get({ now, models, providers }) as number | undefined;
  return at === undefined ? null : durationMs(at - now);
}
