import { durationMs } from "@reelstate/lifecycle";
import type { DurationMs } from "@reelstate/lifecycle";
import type { Offered } from "../../store/attempts.ts";
import type { Connection } from "../Connection.ts";
import { BACKOFF } from "../phases.ts";
import type { Reader } from "./Reader.ts";

/** By the database's clock: whoever arms a timer with it needs to know no other. */
export async function nextTry(
  { clock }: Reader,
  connection: Connection,
  { models, providers }: Offered,
): Promise<DurationMs | null> {
  const [next] = await connection.rows<{ readonly ms: number }>(
    `SELECT next_try_at - c.now AS ms FROM job, (SELECT ${clock()} AS now) c
     WHERE ${BACKOFF} AND next_try_at > c.now AND CASE WHEN submission IN ('intended', 'open') THEN provider = ANY ($2) ELSE model = ANY ($1) END
     ORDER BY next_try_at LIMIT 1`,
    models,
    providers,
  );
  return next === undefined ? null : durationMs(next.ms);
}
