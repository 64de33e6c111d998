import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { BACKOFF, PROCESSING, QUEUED, WAITING_INPUTS } from "./phases.ts";
import type {
  AssetId,
  AssetParams,
  AssetType,
  Cost,
  Credits,
  DurationMs,
  EpochMs,
  ErrorCode,
  HoldRow,
  JobId,
  JobRow,
  RecordedEventType,
  Phase,
  ProjectId,
  Status,
  SubmissionId,
  VersionId,
  WorkspaceId,
} from "@reelstate/lifecycle";
import type { CreditEntry } from "../store/views.ts";
import type { OpenSubmission, SubmissionOutcome } from "../store/submissions.ts";

/**
 * The tables as on SQLite, by the same names, because people query them by hand. Times are epoch milliseconds; what counts
 * without end is a bigint, which the driver is told to read as a number.
 */
export const workspace = pgTable(
  "workspace",
  {
    id: text().$type<WorkspaceId>().primaryKey(),
    name: text().notNull(),
    balance: bigint({ mode: "number" }).$type<Credits>().notNull(),
    held: bigint({ mode: "number" }).$type<Credits>().notNull(),
    /** The last number given to an event: dense, in commit order (E1). */
    seq: bigint({ mode: "number" }).notNull(),
    /** Events up to here have been pruned (E3). */
    prunedSeq: bigint("pruned_seq", { mode: "number" }).notNull(),
    createdAt: bigint("created_at", { mode: "number" }).$type<EpochMs>().notNull(),
    /** What may be spent in a UTC day and month (C5); null: as much as there is. */
    budgetDay: bigint("budget_day", { mode: "number" }).$type<Credits>(),
    budgetMonth: bigint("budget_month", { mode: "number" }).$type<Credits>(),
    /** When the last UTC day and month began in which anything was captured, and what was captured in them (C5). */
    dayBegun: bigint("day_begun", { mode: "number" })
      .$type<EpochMs>()
      .notNull()
      .default(0 as EpochMs),
    monthBegun: bigint("month_begun", { mode: "number" })
      .$type<EpochMs>()
      .notNull()
      .default(0 as EpochMs),
    spentInDay: bigint("spent_in_day", { mode: "number" })
      .$type<Credits>()
      .notNull()
      .default(0 as Credits),
    spentInMonth: bigint("spent_in_month", { mode: "number" })
      .$type<Credits>()
      .notNull()
      .default(0 as Credits),
  },
  (table) => [check("workspace_credits", sql`${table.held} >= 0 AND ${table.held} <= ${table.balance}`)],
);

export const project = pgTable(
  "project",
  {
    id: text().$type<ProjectId>().primaryKey(),
    workspaceId: text("workspace_id")
      .$type<WorkspaceId>()
      .notNull()
      .references(() => workspace.id),
    name: text().notNull(),
    createdAt: bigint("created_at", { mode: "number" }).$type<EpochMs>().notNull(),
  },
  (table) => [index("project_workspace").on(table.workspaceId, table.createdAt, table.id)],
);

export const asset = pgTable(
  "asset",
  {
    id: text().$type<AssetId>().primaryKey(),
    workspaceId: text("workspace_id")
      .$type<WorkspaceId>()
      .notNull()
      .references(() => workspace.id),
    projectId: text("project_id")
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    name: text().notNull(),
    type: text("asset_type").$type<AssetType>().notNull(),
    origin: text().$type<"generated" | "uploaded">().notNull(),
    status: text().$type<Status>().notNull(),
    errorCode: text("error_code").$type<ErrorCode>(),
    errorMessage: text("error_message"),
    currentVersionId: text("current_version_id").$type<VersionId>().notNull(),
    /** The live job, else the newest ended one; null for an upload or once purged. */
    jobId: text("job_id").$type<JobId>(),
    rowVersion: bigint("row_version", { mode: "number" }).notNull(),
    deletedAt: bigint("deleted_at", { mode: "number" }).$type<EpochMs>(),
    createdAt: bigint("created_at", { mode: "number" }).$type<EpochMs>().notNull(),
    updatedAt: bigint("updated_at", { mode: "number" }).$type<EpochMs>().notNull(),
  },
  (table) => [
    index("asset_newest")
      .on(table.workspaceId, table.id)
      .where(sql`deleted_at IS NULL`),
    index("asset_of_project")
      .on(table.projectId, table.id)
      .where(sql`deleted_at IS NULL`),
    index("asset_bin")
      .on(table.deletedAt)
      .where(sql`deleted_at IS NOT NULL`),
    check(
      "asset_failed_says_why",
      sql`${table.status} <> 'failed' OR (${table.errorCode} IS NOT NULL AND ${table.errorMessage} <> '')`,
    ),
  ],
);

export const version = pgTable(
  "version",
  {
    id: text().$type<VersionId>().primaryKey(),
    assetId: text("asset_id")
      .$type<AssetId>()
      .notNull()
      .references(() => asset.id),
    number: integer().notNull(),
    status: text().$type<Status>().notNull(),
    prompt: text().notNull(),
    model: text().notNull(),
    params: json().$type<AssetParams>().notNull(),
    /** Frozen at submit, as version ids (A7). */
    inputs: json().$type<readonly { readonly assetId: AssetId; readonly versionId: VersionId }[]>().notNull(),
    mediaKey: text("media_key"),
    mime: text(),
    bytes: bigint({ mode: "number" }),
    sha256: text(),
    width: integer(),
    height: integer(),
    durationMs: bigint("duration_ms", { mode: "number" }).$type<DurationMs>(),
    posterKey: text("poster_key"),
    thumbKey: text("thumb_key"),
    thumbhash: text(),
    createdAt: bigint("created_at", { mode: "number" }).$type<EpochMs>().notNull(),
    /** Millionths of a dollar, of all its tries, and where the last amount came from; null where no provider told (P8). */
    costMicros: bigint("cost_micros", { mode: "number" }),
    costBasis: text("cost_basis").$type<Cost["basis"]>(),
  },
  (table) => [
    uniqueIndex("version_number").on(table.assetId, table.number),
    check(
      "version_completed_has_media",
      sql`${table.status} <> 'completed' OR (${table.mediaKey} IS NOT NULL AND ${table.bytes} > 0 AND length(${table.sha256}) = 64 AND ${table.width} > 0 AND ${table.height} > 0 AND ${table.posterKey} IS NOT NULL AND ${table.thumbKey} IS NOT NULL)`,
    ),
  ],
);

export const job = pgTable(
  "job",
  {
    id: text().$type<JobId>().primaryKey(),
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    /** No foreign key: its version's has one, and each costs an index that every write keeps up. */
    assetId: text("asset_id").$type<AssetId>().notNull(),
    versionId: text("version_id")
      .$type<VersionId>()
      .notNull()
      .references(() => version.id),
    status: text().$type<Status>().notNull(),
    phase: text().$type<Phase>(),
    attempt: integer().notNull(),
    failures: integer().notNull(),
    maxFailures: integer("max_failures").notNull(),
    losses: integer().notNull(),
    maxLosses: integer("max_losses").notNull(),
    fraction: doublePrecision(),
    progressAt: bigint("progress_at", { mode: "number" }).$type<EpochMs>(),
    leaseUntil: bigint("lease_until", { mode: "number" }).$type<EpochMs>(),
    workerId: text("worker_id"),
    nextTryAt: bigint("next_try_at", { mode: "number" }).$type<EpochMs>(),
    startedAt: bigint("started_at", { mode: "number" }).$type<EpochMs>(),
    firstClaimedAt: bigint("first_claimed_at", { mode: "number" }).$type<EpochMs>(),
    attemptTimeoutMs: bigint("attempt_timeout_ms", { mode: "number" }).$type<DurationMs>().notNull(),
    jobTimeoutMs: bigint("job_timeout_ms", { mode: "number" }).$type<DurationMs>().notNull(),
    cancelRequestedAt: bigint("cancel_requested_at", { mode: "number" }).$type<EpochMs>(),
    /** The state of its newest submission, kept here so that a transition reads one row. */
    submission: text().$type<JobRow["submission"]>().notNull(),
    recoverable: boolean().notNull(),
    errorCode: text("error_code").$type<ErrorCode>(),
    errorMessage: text("error_message"),
    errorDetail: text("error_detail"),
    model: text().notNull(),
    provider: text().notNull(),
    priority: integer().notNull(),
    quote: bigint({ mode: "number" }).$type<Credits>().notNull(),
    holdState: text("hold_state").$type<HoldRow["state"]>().notNull(),
    createdAt: bigint("created_at", { mode: "number" }).$type<EpochMs>().notNull(),
    endedAt: bigint("ended_at", { mode: "number" }).$type<EpochMs>(),
  },
  (table) => [
    uniqueIndex("job_live")
      .on(table.assetId)
      .where(sql`status IN ('pending', 'processing')`),
    index("job_of_version").on(table.versionId),
    index("job_queued")
      .on(table.workspaceId, table.model, sql`priority DESC`, table.id)
      .where(sql.raw(QUEUED)),
    index("job_due").on(table.workspaceId, table.model, table.nextTryAt).where(sql.raw(BACKOFF)),
    index("job_backoff").on(table.nextTryAt).where(sql.raw(BACKOFF)),
    index("job_waiting").on(table.id).where(sql.raw(WAITING_INPUTS)),
    index("job_processing").on(table.workspaceId, table.id).where(sql.raw(PROCESSING)),
    index("job_deadline")
      .on(sql`(first_claimed_at + job_timeout_ms)`)
      .where(sql`first_claimed_at IS NOT NULL AND ended_at IS NULL`),
    index("job_ended")
      .on(table.endedAt, table.id)
      .where(sql`ended_at IS NOT NULL AND NOT recoverable`),
    index("job_newest").on(table.workspaceId, table.id),
  ],
);

/** Which waiting jobs wait for which version; a row goes when the job is released or ends. */
export const jobInput = pgTable(
  "job_input",
  {
    versionId: text("version_id").$type<VersionId>().notNull(),
    jobId: text("job_id").$type<JobId>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.versionId, table.jobId] }), index("job_input_job").on(table.jobId)],
);

export const submission = pgTable(
  "submission",
  {
    id: text().$type<SubmissionId>().primaryKey(),
    jobId: text("job_id").$type<JobId>().notNull(),
    attempt: integer().notNull(),
    clientRef: text("client_ref").notNull(),
    provider: text().notNull(),
    providerRef: text("provider_ref"),
    state: text().$type<OpenSubmission["state"] | "ended">().notNull(),
    outcome: text().$type<SubmissionOutcome>(),
    intendedAt: bigint("intended_at", { mode: "number" }).$type<EpochMs>().notNull(),
    openedAt: bigint("opened_at", { mode: "number" }).$type<EpochMs>(),
    endedAt: bigint("ended_at", { mode: "number" }).$type<EpochMs>(),
  },
  (table) => [
    uniqueIndex("submission_alive")
      .on(table.jobId)
      .where(sql`state <> 'ended'`),
    uniqueIndex("submission_client_ref").on(table.clientRef),
    index("submission_of_job").on(table.jobId),
  ],
);

/**
 * One row for each thing that a provider or a model may do at once. Held by a job while an attempt of it runs or a
 * submission of it may be alive (P7).
 */
export const slot = pgTable(
  "slot",
  {
    pool: text().notNull(),
    number: integer().notNull(),
    jobId: text("job_id").$type<JobId>(),
  },
  (table) => [
    primaryKey({ columns: [table.pool, table.number] }),
    index("slot_free")
      .on(table.pool, table.number)
      .where(sql`job_id IS NULL`),
    uniqueIndex("slot_holder")
      .on(table.jobId, table.pool)
      .where(sql`job_id IS NOT NULL`),
  ],
);

/** Append-only. No foreign key to jobs: the ledger outlives them. */
export const creditEntry = pgTable(
  "credit_entry",
  {
    id: bigint({ mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    at: bigint({ mode: "number" }).$type<EpochMs>().notNull(),
    kind: text().$type<CreditEntry["kind"]>().notNull(),
    balance: bigint({ mode: "number" }).$type<Credits>().notNull(),
    held: bigint({ mode: "number" }).$type<Credits>().notNull(),
    jobId: text("job_id").$type<JobId>(),
    assetId: text("asset_id").$type<AssetId>(),
  },
  (table) => [index("credit_entry_workspace").on(table.workspaceId, table.id)],
);

const eventColumns = {
  workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
  seq: bigint({ mode: "number" }).notNull(),
  at: bigint({ mode: "number" }).$type<EpochMs>().notNull(),
  event: text().$type<RecordedEventType>().notNull(),
  assetId: text("asset_id").$type<AssetId>().notNull(),
  versionId: text("version_id").$type<VersionId>().notNull(),
  jobId: text("job_id").$type<JobId>(),
  attempt: integer().notNull(),
  from: text("from_status").$type<Status>(),
  to: text("to_status").$type<Status>().notNull(),
  jobFrom: text("job_from").$type<Status>(),
  jobTo: text("job_to").$type<Status>(),
  code: text().$type<ErrorCode>(),
};

export const event = pgTable("event", eventColumns, (table) => [
  primaryKey({ columns: [table.workspaceId, table.seq] }),
  index("event_of_asset").on(table.assetId, table.seq),
]);

/** Pruned events of assets that are still there: the small history that stays with them. */
export const history = pgTable("history", eventColumns, (table) => [
  primaryKey({ columns: [table.assetId, table.seq] }),
]);

export const idempotency = pgTable(
  "idempotency",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    key: text().notNull(),
    bodyHash: text("body_hash").notNull(),
    assetIds: json("asset_ids").$type<readonly AssetId[]>().notNull(),
    at: bigint({ mode: "number" }).$type<EpochMs>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.key] }), index("idempotency_at").on(table.at)],
);

/** Each opening of this database names the feed anew, and says where it began: a copy that went another way is told apart. */
export const feedBoot = pgTable("feed_boot", {
  id: text().primaryKey(),
  number: integer().notNull().unique(),
  at: bigint({ mode: "number" }).$type<EpochMs>().notNull(),
});

/** Where each workspace's feed stood at a boot. */
export const feedBootSeq = pgTable(
  "feed_boot_seq",
  {
    bootNumber: integer("boot_number").notNull(),
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    seq: bigint({ mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.bootNumber, table.workspaceId] })],
);

/** What people have set about a provider. The environment of each process comes before it; null says nothing. */
export const providerSetting = pgTable(
  "provider_setting",
  {
    name: text().primaryKey(),
    position: integer(),
    enabled: boolean(),
    sealedKey: text("sealed_key"),
    keyHome: text("key_home"),
    home: text(),
    atOnce: integer("at_once"),
    modelOrder: json("model_order").$type<readonly string[]>().notNull(),
    modelsOff: json("models_off").$type<readonly string[]>().notNull(),
    revision: bigint({ mode: "number" }).notNull(),
    updatedAt: bigint("updated_at", { mode: "number" }).$type<EpochMs>().notNull(),
  },
  () => [check("provider_setting_key_has_home", sql`(sealed_key IS NULL) = (key_home IS NULL)`)],
);
