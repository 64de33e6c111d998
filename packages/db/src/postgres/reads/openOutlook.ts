import { usualRun } from "../../rows/usualRun.ts";
import { linesIn } from "./lines.ts";
import type { QueuedLine } from "../../rows/startsIn.ts";
import type { RunTime } from "../../rows/usualRun.ts";
import type { Connection } from "../Connection.ts";

/** What is asked with almost every answer and changes slowly: read at most every few seconds. */
export interface Outlook {
  /** The usual run time of each of these models; null without a history. */
  readonly usual: (connection: Connection, models: readonly string[]) => Promise<ReadonlyMap<string, RunTime | null>>;
  /** Every line that has jobs in it. */
  readonly lines: (connection: Connection) => Promise<readonly QueuedLine[]>;
}

const RUN_TIMES_FOR_MS = 10_000;
const IN_LINE_FOR_MS = 2_000;

const RUN_TIMES = `SELECT m.model, r.ms FROM unnest($1::text[]) AS m(model)
  CROSS JOIN LATERAL (SELECT ended_at - first_claimed_at AS ms FROM (SELECT * FROM job ORDER BY id DESC LIMIT 500) latest
    WHERE latest.model = m.model AND latest.status = 'completed' AND latest.attempt = 1 LIMIT 60) r`;

/** `clock`: milliseconds from anywhere. */
export function openOutlook(clock: () => number): Outlook {
  const times = new Map<string, { readonly until: number; readonly time: RunTime | null }>();
  let inLine: { readonly until: number; readonly lines: readonly QueuedLine[] } | null = null;
  return {
    usual: async (connection, models) => {
      const now = clock();
      const stale = [...new Set(models)].filter((model) => (times.get(model)?.until ?? -Infinity) <= now);
      if (stale.length > 0) {
        const rows = await connection.rows<{ readonly model: string; readonly ms: number }>(RUN_TIMES, stale);
        for (const model of stale) {
          const time = usualRun(rows.filter((row) => row.model === model).map(({ ms }) => ms));
          times.set(model, { until: now + RUN_TIMES_FOR_MS, time });
        }
      }
      return new Map(models.map((model) => [model, times.get(model)?.time ?? null]));
    },
    lines: async (connection) => {
      const now = clock();
      if (inLine === null || inLine.until <= now)
        inLine = { until: now + IN_LINE_FOR_MS, lines: await connection.rows<QueuedLine>(linesIn("queued")) };
      return inLine.lines;
    },
  };
}
