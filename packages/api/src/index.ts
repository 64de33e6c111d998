export { ERROR_TABLE } from "./errorTable.ts";
export { LIMITS, uploadQuery } from "./input.ts";
export { FILE_FLAWS, REFUSAL_REASONS } from "./refusal.ts";
export { StudioAway } from "./StudioAway.ts";

export type {
  AssetHistory,
  AssetPageAnswer,
  BudgetAnswer,
  AssetTransition,
  CheckProviderInput,
  CreateInput,
  CreditEntry,
  CreditsAnswer,
  JobSummary,
  ListInput,
  InLine,
  LiveHead,
  LiveItem,
  LiveProgressItem,
  LiveQueue,
  LiveRemoved,
  LiveReset,
  LiveTransition,
  LiveTrouble,
  ModelCard,
  Project,
  ProviderCard,
  ProviderCheck,
  ProviderModel,
  Quote,
  SaveProviderInput,
  SetBudgetInput,
  StartInput,
  Trouble,
} from "./contract.ts";
export type {
  AssetPorts,
  Caller,
  FeedPosition,
  HealthPorts,
  Outcome,
  ProviderPorts,
  StartRequest,
  StudioPorts,
} from "./ports.ts";
export type { ApiRefusalReason, FileFlaw, Refusal } from "./refusal.ts";
