/** The five statuses of job, version and asset alike. Detail is a job's phase, never a new status. */
export const STATUSES = ["pending", "processing", "completed", "failed", "cancelled"] as const;
export type Status = (typeof STATUSES)[number];

export const ASSET_TYPES = ["image", "video"] as const;
export type AssetType = (typeof ASSET_TYPES)[number];

export const PENDING_PHASES = ["waiting_inputs", "queued", "backoff"] as const;
export type PendingPhase = (typeof PENDING_PHASES)[number];

/** In the order in which an attempt passes through them; within an attempt it never goes back (J3). */
export const PROCESSING_PHASES = ["submitting", "at_provider", "fetching", "storing"] as const;
export type ProcessingPhase = (typeof PROCESSING_PHASES)[number];

export type Phase = PendingPhase | ProcessingPhase;
