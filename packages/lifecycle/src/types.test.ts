import { describe, expect, expectTypeOf, it } from "vitest";
import {
  advance,
  ASSET_TYPES,
  backoff,
  credits,
  durationMs,
  epochMs,
  errorEntry,
  legalTransitions,
  LIFECYCLE_EVENTS,
  mergeAsset,
  mergeProgress,
  permittedActions,
  REFUSALS,
  rowsOf,
  sqlGuards,
  viewOf,
} from "./index.ts";
import type {
  Accepted,
  ASSET_ACTIONS,
  ERROR_CODES,
  ERROR_TABLE,
  JOB_EVENTS,
  PROCESSING_PHASES,
  STATUSES,
  Asset,
  AssetAction,
  AssetId,
  AssetRows,
  AssetView,
  Credits,
  Decision,
  DurationMs,
  EpochMs,
  ErrorCode,
  ErrorEntry,
  HoldRow,
  JobId,
  JobRow,
  Language,
  LifecycleEvent,
  LifecycleEventType,
  ProcessingPhase,
  ProgressReport,
  RefusalReason,
  Refused,
  SqlDialect,
  StartEvent,
  Status,
  VersionId,
} from "./index.ts";

describe("the public types", () => {
  it("[J8] a decision is either what to write or why not, and must be asked which", () => {
    expectTypeOf(advance).parameters.toEqualTypeOf<[AssetRows | null, LifecycleEvent]>();
    expectTypeOf(advance).returns.toEqualTypeOf<Decision>();
    expectTypeOf<Decision>().toEqualTypeOf<Accepted | Refused>();
    expectTypeOf<Decision>().not.toHaveProperty("next");
    expectTypeOf<Extract<Decision, { ok: true }>["next"]>().toEqualTypeOf<AssetRows>();
    expectTypeOf<Extract<Decision, { ok: false }>["why"]>().toEqualTypeOf<RefusalReason>();
    expect(REFUSALS).toContain("already_ended");
  });

  it("[A2] there are five statuses, and every list names its union", () => {
    expectTypeOf<Status>().toEqualTypeOf<"pending" | "processing" | "completed" | "failed" | "cancelled">();
    expectTypeOf<(typeof STATUSES)[number]>().toEqualTypeOf<Status>();
    expectTypeOf<(typeof PROCESSING_PHASES)[number]>().toEqualTypeOf<ProcessingPhase>();
    expectTypeOf<(typeof ERROR_CODES)[number]>().toEqualTypeOf<ErrorCode>();
    expectTypeOf<(typeof ASSET_ACTIONS)[number]>().toEqualTypeOf<AssetAction>();
    expectTypeOf<(typeof JOB_EVENTS)[number]>().toExtend<LifecycleEventType>();
    expectTypeOf<AssetAction>().toExtend<LifecycleEventType>();
    expectTypeOf(LIFECYCLE_EVENTS).toEqualTypeOf<readonly LifecycleEventType[]>();
    expect(ASSET_TYPES).toEqual(["image", "video"]);
  });

  it("[J9] ids, credits and times cannot be mixed", () => {
    expectTypeOf<JobId>().not.toExtend<AssetId>();
    expectTypeOf<AssetId>().not.toExtend<VersionId>();
    expectTypeOf<string>().not.toExtend<JobId>();
    expectTypeOf<EpochMs>().not.toExtend<DurationMs>();
    expectTypeOf<number>().not.toExtend<Credits>();
    expectTypeOf<Credits>().toExtend<number>();
    expectTypeOf(credits).returns.toEqualTypeOf<Credits>();
    expectTypeOf(epochMs).returns.toEqualTypeOf<EpochMs>();
    expectTypeOf(durationMs).returns.toEqualTypeOf<DurationMs>();
    expectTypeOf(backoff).returns.toEqualTypeOf<DurationMs>();
    expect(credits(1)).toBe(1);
  });

  it("[J9] a worker's events name their attempt, a person's do not", () => {
    type Sent<T extends LifecycleEventType> = LifecycleEvent extends infer E
      ? E extends { readonly type: infer U }
        ? T extends U
          ? E
          : never
        : never
      : never;
    for (const type of ["complete", "fail", "progress", "hand_back", "settle", "lose", "expire"] as const) {
      expectTypeOf<Sent<typeof type>>().toHaveProperty("attempt");
    }
    expectTypeOf<Sent<"cancel">>().not.toHaveProperty("attempt");
    expectTypeOf<Sent<"retry">>().toEqualTypeOf<StartEvent>();
    expectTypeOf<LifecycleEvent>().toHaveProperty("at");
    expect(LIFECYCLE_EVENTS).toHaveLength(17);
  });

  it("[A4] every error code has its entry, and words in every language", () => {
    expectTypeOf<keyof typeof ERROR_TABLE>().toEqualTypeOf<ErrorCode>();
    expectTypeOf(errorEntry).returns.toEqualTypeOf<ErrorEntry>();
    expectTypeOf<keyof ErrorEntry["words"]>().toEqualTypeOf<Language>();
    expect(errorEntry("internal").retryable).toBe(true);
  });

  it("[E5] merging and viewing take and give assets", () => {
    expectTypeOf(mergeAsset).parameters.toEqualTypeOf<[Asset | null | undefined, Asset]>();
    expectTypeOf(mergeAsset).returns.toEqualTypeOf<Asset>();
    expectTypeOf(mergeProgress).parameters.toEqualTypeOf<[Asset, ProgressReport]>();
    expectTypeOf(viewOf).parameter(0).toEqualTypeOf<Asset>();
    expectTypeOf(viewOf).parameter(1).toEqualTypeOf<Language | undefined>();
    expectTypeOf(viewOf).returns.toEqualTypeOf<AssetView>();
    expectTypeOf(permittedActions).returns.toEqualTypeOf<readonly AssetAction[]>();
    expectTypeOf(rowsOf).returns.toEqualTypeOf<AssetRows>();
    expect(mergeAsset).toHaveLength(2);
  });

  it("[C2] rows are read-only, and say what may be absent", () => {
    expectTypeOf<AssetRows["job"]>().toEqualTypeOf<JobRow | null>();
    expectTypeOf<AssetRows["hold"]>().toEqualTypeOf<HoldRow | null>();
    expectTypeOf<HoldRow["state"]>().toEqualTypeOf<"held" | "captured" | "released">();
    expectTypeOf<JobRow>().toEqualTypeOf<Readonly<JobRow>>();
    expectTypeOf<Asset>().toEqualTypeOf<Readonly<Asset>>();
    expectTypeOf<SqlDialect>().toEqualTypeOf<"sqlite" | "postgres">();
    expectTypeOf(sqlGuards).returns.toEqualTypeOf<readonly string[]>();
    expect(Object.keys(legalTransitions())).toEqual(["job", "version", "asset", "hold"]);
  });
});
