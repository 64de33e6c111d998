import { LONGEST_LINE } from "../../rows/startsIn.ts";
import { NO_FACTS } from "../../rows/toAsset.ts";
import { lineOutlook } from "./lineOutlook.ts";
import { PLACES } from "./lines.ts";
import type { AssetId, JobId, WaitedFor } from "@reelstate/lifecycle";
import type { JobRecord } from "../../rows/records.ts";
import type { JobFacts } from "../../rows/toAsset.ts";
import type { Connection } from "../Connection.ts";
import type { Reader } from "./Reader.ts";

const WAITS_FOR = `SELECT i.job_id AS "jobId", a.id AS "assetId", a.name
  FROM job_input i JOIN version v ON v.id = i.version_id JOIN asset a ON a.id = v.asset_id
  WHERE i.job_id = ANY ($1) AND v.status <> 'completed' ORDER BY i.version_id`;

/** What the rows of these jobs do not tell, asked only for what an answer of such a job shows. */
export async function jobFacts(
  { outlook, offers }: Reader,
  connection: Connection,
  jobs: readonly JobRecord[],
): Promise<(job: JobRecord | null) => JobFacts> {
  // Where a model is no longer offered there is no line: what is left of it is taken up, or fails.
  const queued = jobs.filter(({ phase, model }) => phase === "queued" && offers(model));
  const waiting = jobs.filter(({ phase }) => phase === "waiting_inputs").map(({ id }) => id);
  const silent = jobs.filter(({ status, fraction }) => status === "processing" && fraction === null);
  const [places, starts, waitedFor, usual] = await Promise.all([
    placesOf(connection, queued),
    lineOutlook(outlook, connection, queued),
    waiting.length === 0 ? [] : connection.rows<WaitedFor & { readonly jobId: JobId }>(WAITS_FOR, waiting),
    outlook.usual(
      connection,
      silent.map(({ model }) => model),
    ),
  ]);
  return (job) => {
    if (job === null) return NO_FACTS;
    if (job.phase === "queued") {
      const place = places.get(job.id) ?? null;
      return { ...NO_FACTS, place, startsIn: place === null ? null : starts(job, place) };
    }
    if (job.phase === "waiting_inputs")
      return {
        ...NO_FACTS,
        waitingFor: waitedFor
          .filter(({ jobId }) => jobId === job.id)
          .map(({ assetId, name }): { assetId: AssetId; name: string } => ({ assetId, name })),
      };
    if (job.status === "processing" && job.fraction === null)
      return { ...NO_FACTS, usual: usual.get(job.model) ?? null };
    return NO_FACTS;
  };
}

/** 1 is next for its model in its workspace; who stands further behind than anyone counts is not among them. */
async function placesOf(connection: Connection, queued: readonly JobRecord[]): Promise<ReadonlyMap<JobId, number>> {
  if (queued.length === 0) return new Map();
  const lines = new Map(queued.map((job) => [`${job.workspaceId} ${job.model}`, job]));
  const workspaces = [...lines.values()].map(({ workspaceId }) => workspaceId);
  const models = [...lines.values()].map(({ model }) => model);
  const rows = await connection.rows<{ readonly id: JobId; readonly place: number }>(
    PLACES,
    workspaces,
    models,
    LONGEST_LINE,
  );
  return new Map(rows.map(({ id, place }) => [id, place]));
}
