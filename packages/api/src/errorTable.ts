import type { TRPC_ERROR_CODE_KEY } from "@trpc/server";
import type { ApiRefusalReason } from "./refusal.ts";

/** The one table from refusals to answers. HTTP: 400, 402, 404, 409, and 503 for what may go well later. */
export const ERROR_TABLE = {
  invalid_input: "BAD_REQUEST",
  insufficient_credits: "PAYMENT_REQUIRED",
  budget_exceeded: "PAYMENT_REQUIRED",
  not_found: "NOT_FOUND",
  busy: "CONFLICT",
  already_ended: "CONFLICT",
  idempotency_conflict: "CONFLICT",
  quote_changed: "CONFLICT",
  not_allowed: "CONFLICT",
  not_recoverable: "CONFLICT",
  disk_full: "SERVICE_UNAVAILABLE",
  unavailable: "SERVICE_UNAVAILABLE",
} as const satisfies Record<ApiRefusalReason, TRPC_ERROR_CODE_KEY>;
