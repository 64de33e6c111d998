import { FIRST_WORKSPACE, nameOfStudio } from "../rows/nameOfStudio.ts";
import { budget } from "./reads/budget.ts";
import { answeredBefore } from "./reads/answeredBefore.ts";
import { listAssets } from "./reads/listAssets.ts";
import { feedMarks } from "./reads/feedMarks.ts";
import { liveProgress } from "./reads/liveProgress.ts";
import { countMedia, listMedia, referencedKeys } from "./reads/media.ts";
import { nextTry } from "./reads/nextTry.ts";
import { readAssets } from "./reads/readAssets.ts";
import { feedHead, readFeed } from "./reads/readFeed.ts";
import {
  assetHistory,
  assetVersions,
  creditEntries,
  creditSummary,
  listJobs,
  listProjects,
  resolveInputs,
} from "./reads/views.ts";
import type { EpochMs } from "@reelstate/lifecycle";
import type { FirstWorkspace } from "../rows/nameOfStudio.ts";
import type { Store } from "../Store.ts";
import type { Connection } from "./Connection.ts";
import type { Reader } from "./reads/Reader.ts";
import type { Session } from "./Session.ts";

/** Everything that only looks. */
export type StoreReads = Pick<
  Store,
  | "nextTry"
  | "answeredBefore"
  | "getAsset"
  | "listAssets"
  | "assetHistory"
  | "assetVersions"
  | "listJobs"
  | "listProjects"
  | "budget"
  | "creditSummary"
  | "creditEntries"
  | "resolveInputs"
  | "readFeed"
  | "feedHead"
  | "feedMarks"
  | "studioName"
  | "liveProgress"
  | "listMedia"
  | "countMedia"
  | "referencedKeys"
  | "now"
>;

export function openReads(session: Session): StoreReads {
  const { db } = session;

  /** Several statements that see one moment. */
  function snapshot<Q, T>(
    view: (reader: Reader, connection: Connection, request: Q) => Promise<T>,
  ): (request: Q) => Promise<T> {
    return (request) => db.snapshot((connection) => view(session, connection, request));
  }
  /** A single statement sees one moment by itself. */
  function once<Q, T>(view: (connection: Connection, request: Q) => Promise<T>): (request: Q) => Promise<T> {
    return (request) => db.read((connection) => view(connection, request));
  }

  return {
    nextTry: (request) => db.read((connection) => nextTry(session, connection, request)),
    answeredBefore: snapshot(answeredBefore),
    getAsset: ({ workspaceId, assetId }) =>
      db.snapshot(
        async (connection) => (await readAssets(session, connection, { workspaceId, ids: [assetId] }))[0] ?? null,
      ),
    listAssets: snapshot(listAssets),
    assetHistory: (request) => db.snapshot((connection) => assetHistory(connection, request)),
    assetVersions: snapshot(assetVersions),
    listJobs: once(listJobs),
    listProjects: once(listProjects),
    budget: once((connection, request) => budget(session, connection, request)),
    creditSummary: once(creditSummary),
    creditEntries: once(creditEntries),
    resolveInputs: once(resolveInputs),
    readFeed: snapshot(readFeed),
    feedHead: ({ workspaceId }) => db.read((connection) => feedHead(connection, workspaceId)),
    feedMarks: ({ workspaceIds }) => db.snapshot((connection) => feedMarks(connection, workspaceIds)),
    liveProgress: ({ workspaceId }) => db.snapshot((connection) => liveProgress(session, connection, workspaceId)),
    listMedia: once(listMedia),
    countMedia: () => db.read(countMedia),
    referencedKeys: () => db.read(referencedKeys),
    studioName: () => db.read(async ({ rows }) => nameOfStudio((await rows<FirstWorkspace>(FIRST_WORKSPACE))[0])),
    now: () =>
      db.read(async (connection) => {
        const [row] = await connection.rows<{ readonly now: EpochMs }>(`SELECT ${session.clock()} AS now`);
        if (row === undefined) throw new Error("The database did not answer.");
        return row.now;
      }),
  };
}
