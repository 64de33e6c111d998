import { durationMs } from "@reelstate/lifecycle";
import type { EpochMs } from "@reelstate/lifecycle";
import type { NextTry, Offered } from "../../store/attempts.ts";
import type { Session } from "../Session.ts";

export function nextTry(
  session: Session,
  { since, ...offered }: Offered & { readonly since: EpochMs | null },
): NextTry {
  const now = session.now();
  const [models, providers] = [JSON.stringify(offered.models), JSON.stringify(offered.providers)];
  const at = session.sql.nextTryAt.get({ since: since ?? 0, models, providers }) as number | undefined;
  return { now, ms: at === undefined ? null : durationMs(Math.max(0, at - now)) };
}
