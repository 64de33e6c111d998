import { poolOf } from "../../rows/poolOf.ts";
import { startsIn } from "../../rows/startsIn.ts";
import type { Span } from "@reelstate/lifecycle";
import type { JobRecord } from "../../rows/records.ts";
import type { Connection } from "../Connection.ts";
import type { Outlook } from "./openOutlook.ts";

type Kind = Pick<JobRecord, "model" | "provider">;

interface PoolRow {
  readonly pool: string;
  readonly size: number;
  readonly held: number;
  /** Of the jobs that hold slots of it. */
  readonly models: readonly string[];
}

const POOLS = `SELECT s.pool, count(*) FILTER (WHERE s.number > 0) AS size, count(s.job_id) AS held,
    COALESCE(array_agg(DISTINCT j.model) FILTER (WHERE j.model IS NOT NULL), '{}') AS models
  FROM slot s LEFT JOIN job j ON j.id = s.job_id GROUP BY s.pool`;

/**
 * When a job of such a kind, at such a place, is likely to start: its model's usual run time as often as those before it fill
 * the slots, other workspaces taking their turns. Null where the model has no limit or no history, or while it shares its
 * provider's slots with work of other models, whose times say nothing about its own; nor while a slot is free, because then it
 * is hands that are lacking, or room, and nothing here knows until when. No number is made up (U3).
 */
export async function lineOutlook(
  outlook: Outlook,
  connection: Connection,
  kinds: readonly Kind[],
): Promise<(kind: Kind, place: number) => Span | null> {
  if (kinds.length === 0) return () => null;
  const pools = new Map((await connection.rows<PoolRow>(POOLS)).map((row) => [row.pool, row]));
  const poolsOf = ({ provider, model }: Kind): readonly PoolRow[] =>
    [poolOf({ provider }), poolOf({ model })].flatMap((name) => pools.get(name) ?? []);
  const limited = kinds.filter((kind) => poolsOf(kind).length > 0);
  if (limited.length === 0) return () => null;
  const usual = await outlook.usual(
    connection,
    limited.map(({ model }) => model),
  );
  if (limited.every(({ model }) => (usual.get(model) ?? null) === null)) return () => null;
  const lines = await outlook.lines(connection);
  return (kind, place) => {
    const { provider, model } = kind;
    const own = poolsOf(kind);
    if (own.every(({ size, held }) => held < size)) return null;
    const shared = pools.get(poolOf({ provider }));
    const others = lines.some((line) => line.provider === provider && line.model !== model);
    if (shared !== undefined && (others || shared.models.some((one) => one !== model))) return null;
    const slots = own.length === 0 ? null : Math.min(...own.map(({ size }) => size));
    const workspaces = lines.filter((line) => line.model === model).length;
    return startsIn({ slots, usual: usual.get(model) ?? null, workspaces }, place);
  };
}
