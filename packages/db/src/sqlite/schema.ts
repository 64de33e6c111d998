import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
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

/** The tables as drizzle reads them. Times are epoch milliseconds; names are what people query by hand. */
export const workspace = sqliteTable(
  "workspace",
  {
    id: text().$type<WorkspaceId>().primaryKey(),
    name: text().notNull(),
    balance: integer().$type<Credits>().notNull(),
    held: integer().$type<Credits>().notNull(),
    /** The last number given to an event: dense, in commit order (E1). */
    seq: integer().notNull(),
    /** Events up to here have been pruned (E3). */
    prunedSeq: integer("pruned_seq").notNull(),
    createdAt: integer("created_at").$type<EpochMs>().notNull(),
    /** What may be spent in a UTC day and month (C5); null: as much as there is. */
    budgetDay: integer("budget_day").$type<Credits>(),
    budgetMonth: integer("budget_month").$type<Credits>(),
    /** When the last UTC day and month began in which anything was captured, and what was captured in them (C5). */
    dayBegun: integer("day_begun")
      .$type<EpochMs>()
      .notNull()
      .default(0 as EpochMs),
    monthBegun: integer("month_begun")
      .$type<EpochMs>()
      .notNull()
      .default(0 as EpochMs),
    spentInDay: integer("spent_in_day")
      .$type<Credits>()
      .notNull()
      .default(0 as Credits),
    spentInMonth: integer("spent_in_month")
      .$type<Credits>()
      .notNull()
      .default(0 as Credits),
  },
  (table) => [check("workspace_credits", sql`${table.held} >= 0 AND ${table.held} <= ${table.balance}`)],
);

export const project = sqliteTable(
  "project",
  {
    id: text().$type<ProjectId>().primaryKey(),
    workspaceId: text("workspace_id")
      .$type<WorkspaceId>()
      .notNull()
      .references(() => workspace.id),
    name: text().notNull(),
    createdAt: integer("created_at").$type<EpochMs>().notNull(),
  },
  (table) => [index("project_workspace").on(table.workspaceId, table.createdAt, table.id)],
);

export const asset = sqliteTable(
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
    rowVersion: integer("row_version").notNull(),
    deletedAt: integer("deleted_at").$type<EpochMs>(),
    createdAt: integer("created_at").$type<EpochMs>().notNull(),
    updatedAt: integer("updated_at").$type<EpochMs>().notNull(),
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

export const version = sqliteTable(
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
    params: text({ mode: "json" }).$type<AssetParams>().notNull(),
    /** Frozen at submit, as version ids (A7). */
    inputs: text({ mode: "json" })
      .$type<readonly { readonly assetId: AssetId; readonly versionId: VersionId }[]>()
      .notNull(),
    mediaKey: text("media_key"),
    mime: text(),
    bytes: integer(),
    sha256: text(),
    width: integer(),
    height: integer(),
    durationMs: integer("duration_ms").$type<DurationMs>(),
    posterKey: text("poster_key"),
    thumbKey: text("thumb_key"),
    thumbhash: text(),
    createdAt: integer("created_at").$type<EpochMs>().notNull(),
    /** Millionths of a dollar, of all its tries, and where the last amount came from; null where no provider told (P8). */
    costMicros: integer("cost_micros"),
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

export const job = sqliteTable(
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
    fraction: real(),
    progressAt: integer("progress_at").$type<EpochMs>(),
    leaseUntil: integer("lease_until").$type<EpochMs>(),
    workerId: text("worker_id"),
    nextTryAt: integer("next_try_at").$type<EpochMs>(),
    startedAt: integer("started_at").$type<EpochMs>(),
    firstClaimedAt: integer("first_claimed_at").$type<EpochMs>(),
    attemptTimeoutMs: integer("attempt_timeout_ms").$type<DurationMs>().notNull(),
    jobTimeoutMs: integer("job_timeout_ms").$type<DurationMs>().notNull(),
    cancelRequestedAt: integer("cancel_requested_at").$type<EpochMs>(),
    /** The state of its newest submission, kept here so that a transition reads one row. */
    submission: text().$type<JobRow["submission"]>().notNull(),
    recoverable: integer({ mode: "boolean" }).notNull(),
    errorCode: text("error_code").$type<ErrorCode>(),
    errorMessage: text("error_message"),
    errorDetail: text("error_detail"),
    model: text().notNull(),
    provider: text().notNull(),
    priority: integer().notNull(),
    quote: integer().$type<Credits>().notNull(),
    holdState: text("hold_state").$type<HoldRow["state"]>().notNull(),
    createdAt: integer("created_at").$type<EpochMs>().notNull(),
    endedAt: integer("ended_at").$type<EpochMs>(),
  },
  (table) => [
    uniqueIndex("job_live")
      .on(table.assetId)
      .where(sql`status IN ('pending', 'processing')`),
    index("job_of_version").on(table.versionId),
    index("job_queued")
      .on(table.workspaceId, table.model, sql`priority DESC`, table.id)
      .where(sql`status = 'pending' AND phase = 'queued'`),
    index("job_due")
      .on(table.workspaceId, table.model, table.nextTryAt)
      .where(sql`status = 'pending' AND phase = 'backoff'`),
    index("job_backoff")
      .on(table.nextTryAt)
      .where(sql`status = 'pending' AND phase = 'backoff'`),
    index("job_waiting")
      .on(table.id)
      .where(sql`status = 'pending' AND phase = 'waiting_inputs'`),
    index("job_processing")
      .on(table.workspaceId, table.id)
      .where(sql`status = 'processing'`),
    index("job_deadline")
      .on(sql`first_claimed_at + job_timeout_ms`)
      .where(sql`first_claimed_at IS NOT NULL AND ended_at IS NULL`),
    index("job_ended")
      .on(table.endedAt)
      .where(sql`ended_at IS NOT NULL AND NOT recoverable`),
    index("job_newest").on(table.workspaceId, table.id),
  ],
);

/** Which waiting jobs wait for which version; a row goes when the job is released or ends. */
export const jobInput = sqliteTable(
  "job_input",
  {
    versionId: text("version_id").$type<VersionId>().notNull(),
    jobId: text("job_id").$type<JobId>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.versionId, table.jobId] }), index("job_input_job").on(table.jobId)],
);

export const submission = sqliteTable(
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
    intendedAt: integer("intended_at").$type<EpochMs>().notNull(),
    openedAt: integer("opened_at").$type<EpochMs>(),
    endedAt: integer("ended_at").$type<EpochMs>(),
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
export const slot = sqliteTable(
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
export const creditEntry = sqliteTable(
  "credit_entry",
  {
    id: integer().primaryKey(),
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    at: integer().$type<EpochMs>().notNull(),
    kind: text().$type<CreditEntry["kind"]>().notNull(),
    balance: integer().$type<Credits>().notNull(),
    held: integer().$type<Credits>().notNull(),
    jobId: text("job_id").$type<JobId>(),
    assetId: text("asset_id").$type<AssetId>(),
  },
  (table) => [index("credit_entry_workspace").on(table.workspaceId)],
);

const eventColumns = {
  workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
  seq: integer().notNull(),
  at: integer().$type<EpochMs>().notNull(),
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

export const event = sqliteTable("event", eventColumns, (table) => [
  primaryKey({ columns: [table.workspaceId, table.seq] }),
  index("event_of_asset").on(table.assetId, table.seq),
]);

/** Pruned events of assets that are still there: the small history that stays with them. */
export const history = sqliteTable("history", eventColumns, (table) => [
  primaryKey({ columns: [table.assetId, table.seq] }),
]);

export const idempotency = sqliteTable(
  "idempotency",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    key: text().notNull(),
    bodyHash: text("body_hash").notNull(),
    assetIds: text("asset_ids", { mode: "json" }).$type<readonly AssetId[]>().notNull(),
    at: integer().$type<EpochMs>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.key] }), index("idempotency_at").on(table.at)],
);

/** Each opening of this database names the feed anew, and says where it began: a copy that went another way is told apart. */
export const feedBoot = sqliteTable("feed_boot", {
  id: text().primaryKey(),
  number: integer().notNull().unique(),
  at: integer().$type<EpochMs>().notNull(),
});

/** Where each workspace's feed stood at a boot. */
export const feedBootSeq = sqliteTable(
  "feed_boot_seq",
  {
    bootNumber: integer("boot_number").notNull(),
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    seq: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.bootNumber, table.workspaceId] })],
);

/** What people have set about a provider. The environment of each process comes before it; null says nothing. */
export const providerSetting = sqliteTable(
  "provider_setting",
  {
    name: text().primaryKey(),
    position: integer(),
    enabled: integer({ mode: "boolean" }),
    sealedKey: text("sealed_key"),
    keyHome: text("key_home"),
    home: text(),
    atOnce: integer("at_once"),
    modelOrder: text("model_order", { mode: "json" }).$type<readonly string[]>().notNull(),
    modelsOff: text("models_off", { mode: "json" }).$type<readonly string[]>().notNull(),
    revision: integer().notNull(),
    updatedAt: integer("updated_at").$type<EpochMs>().notNull(),
  },
  () => [check("provider_setting_key_has_home", sql`(sealed_key IS NULL) = (key_home IS NULL)`)],
);
