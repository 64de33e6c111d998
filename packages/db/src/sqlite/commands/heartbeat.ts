import type { DurationMs } from "@reelstate/lifecycle";
import type { AttemptRef, Heartbeat } from "../../store/attempts.ts";
import type { Session } from "../Session.ts";

/** Renews all the leases of a process at once; those it no longer has are told, and their work must stop (J9). */
export function heartbeat(
  session: Session,
  { leaseMs, attempts }: { readonly leaseMs: DurationMs; readonly attempts: readonly AttemptRef[] },
): readonly Heartbeat[] {
  const leaseUntil = session.now() + leaseMs;
  return attempts.map(({ jobId, attempt }) => {
    const row = session.sql.heartbeat.get({ jobId, attempt, leaseUntil }) as { readonly wished: 0 | 1 } | undefined;
    return { jobId, attempt, alive: row !== undefined, cancelRequested: row?.wished === 1 };
  });
}
