import type { Asset, AssetId, JobId, Status, WorkspaceId } from "@reelstate/lifecycle";
import type {
  AssetHistory,
  AssetPageAnswer,
  BudgetAnswer,
  CheckProviderInput,
  CreateInput,
  CreditEntry,
  CreditsAnswer,
  JobSummary,
  ListInput,
  LiveItem,
  ModelCard,
  Project,
  ProviderCard,
  ProviderCheck,
  Quote,
  SaveProviderInput,
  SetBudgetInput,
} from "./contract.ts";
import type { HealthState } from "./health/HealthState.ts";
import type { Refusal } from "./refusal.ts";

/** Who is asking. One workspace until there are accounts; every port takes it, so that nothing is unscoped. */
export interface Caller {
  readonly workspaceId: WorkspaceId;
}

/** Expected refusals are returned, bugs are thrown; one table (`errorTable.ts`) turns a refusal into an answer. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refusal;

/** What the routers need of the studio. The server implements it over its commands, the store and the feed. */
export interface StudioPorts {
  readonly assets: AssetPorts;
  readonly jobs: {
    list(caller: Caller, input: { status?: Status | undefined; limit: number }): Promise<readonly JobSummary[]>;
  };
  readonly models: { list(caller: Caller): Promise<readonly ModelCard[]> };
  readonly projects: {
    list(caller: Caller): Promise<readonly Project[]>;
    create(caller: Caller, input: { name: string }): Promise<Outcome<Project>>;
  };
  readonly credits: {
    summary(caller: Caller): Promise<CreditsAnswer>;
    entries(caller: Caller, input: { limit: number; before?: number | undefined }): Promise<readonly CreditEntry[]>;
  };
  /** Null where a studio is put together without what looks after its files. */
  readonly health: HealthPorts | null;
  readonly settings: {
    readonly budget: BudgetPorts;
    /** Null where a studio is put together without providers that can be set up. */
    readonly providers: ProviderPorts | null;
  };
  readonly feed: {
    /**
     * Every event with `seq > after` in order, then what follows, until the signal aborts. Starts with a `head`, says
     * `reset` where `after` cannot be resumed (E2, E3). `after: null` starts at the head.
     */
    live(caller: Caller, position: FeedPosition, signal: AbortSignal): AsyncIterable<LiveItem>;
  };
}

/** Who makes media for money, or on a machine of one's own: those that are there, set up or not. */
export interface ProviderPorts {
  /** In the order in which they are offered. */
  list(caller: Caller): Promise<readonly ProviderCard[]>;
  /** All of what is asked, or nothing. */
  save(caller: Caller, input: SaveProviderInput): Promise<Outcome<ProviderCard>>;
  order(caller: Caller, input: { readonly names: readonly string[] }): Promise<Outcome<readonly ProviderCard[]>>;
  /** Asks the provider something that costs nothing; keeps nothing. */
  check(caller: Caller, input: CheckProviderInput): Promise<Outcome<ProviderCheck>>;
}

export interface BudgetPorts {
  get(caller: Caller): Promise<BudgetAnswer>;
  /** Of what begins from now on (C5). */
  set(caller: Caller, input: SetBudgetInput): Promise<Outcome<BudgetAnswer>>;
}

export interface HealthPorts {
  /** The state as it is, then each later one; of several that come quickly the latest. */
  watch(caller: Caller, signal: AbortSignal): AsyncIterable<HealthState>;
  /** Begins to look; false when somebody is at it already. */
  check(caller: Caller, input: { deep: boolean }): boolean;
  /** Begins to back up, mend and look again; false when somebody is at it already. */
  repair(caller: Caller, input: { deep: boolean }): boolean;
}

export interface FeedPosition {
  readonly after: number | null;
  /** The feed that `after` belongs to, where the view knows it. */
  readonly feedId: string | null;
}

export interface StartRequest {
  readonly kind: "retry" | "regenerate" | "recover";
  readonly id: AssetId;
  readonly expectedQuote?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly change?:
    | {
        readonly prompt?: string | undefined;
        readonly params?: CreateInput["params"];
        readonly inputs?: readonly AssetId[] | undefined;
      }
    | undefined;
}

export interface AssetPorts {
  quote(caller: Caller, input: CreateInput): Promise<Outcome<Quote>>;
  create(caller: Caller, input: CreateInput): Promise<Outcome<{ readonly assets: readonly Asset[] }>>;
  list(caller: Caller, input: ListInput): Promise<Outcome<AssetPageAnswer>>;
  get(caller: Caller, id: AssetId): Promise<Outcome<Asset>>;
  history(caller: Caller, id: AssetId): Promise<Outcome<AssetHistory>>;
  /** Where a job is named, no other one is stopped (J7). */
  cancel(caller: Caller, job: { id: AssetId; jobId?: JobId | undefined }): Promise<Outcome<Asset>>;
  start(caller: Caller, request: StartRequest): Promise<Outcome<Asset>>;
  delete(caller: Caller, id: AssetId): Promise<Outcome<{ readonly id: AssetId }>>;
}
