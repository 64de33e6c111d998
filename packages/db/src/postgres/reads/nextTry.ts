import { durationMs } from "@reelstate/lifecycle";
import type { EpochMs } from "@reelstate/lifecycle";
import type { NextTry, Offered } from "../../store/attempts.ts";
import type { Connection } from "../Connection.ts";
import { BACKOFF } from "../phases.ts";
import type { Reader } from "./Reader.ts";

export async function nextTry(
  { clock }: Reader,
  connection: Connection,
  { models, providers, since }: Offered & { readonly since: EpochMs | null },
): Promise<NextTry> {
  const [next] = await connection.rows<{ readonly now: EpochMs; readonly at: EpochMs | null }>(
    `SELECT ${clock()} AS now, (SELECT next_try_at FROM job
     WHERE ${BACKOFF} AND next_try_at > $3 AND CASE WHEN submission IN ('intended', 'open') THEN provider = ANY ($2) ELSE model = ANY ($1) END
     ORDER BY next_try_at LIMIT 1) AS at`,
    models,
    providers,
    since ?? 0,
  );
  if (next === undefined) throw new Error("The database did not answer.");
  const { now, at } = next;
  return { now, ms: at === null ? null : durationMs(Math.max(0, at - now)) };
}
