import { ZodError } from "zod";
import { RenderError } from "../../renderer/RenderError.ts";
import { isDiskFull } from "../../storage/isDiskFull.ts";
import { retryWait } from "../../storage/retryWait.ts";
import { StorageError } from "../../storage/StorageError.ts";
import type { RenderEnd } from "../../renderer/RenderError.ts";
import type { ClassifiedError } from "../Provider.ts";

const BY_END = {
  invalid_input: { code: "invalid_input", retryable: false },
  // A missing encoder will be missing again.
  provider_unavailable: { code: "provider_unavailable", retryable: false },
  disk_full: { code: "storage_failed", retryable: true },
  internal: { code: "internal", retryable: true },
  crashed: { code: "provider_unavailable", retryable: true },
  timeout: { code: "timeout", retryable: true },
  cancelled: { code: "provider_unavailable", retryable: true },
} as const satisfies Record<RenderEnd, Pick<ClassifiedError, "code" | "retryable">>;

const FULL = new StorageError("full", "There is no space left where the studio keeps its media.");

/** What a throw of the local provider means. Nothing it throws on `submit` was accepted: nothing here is billed. */
export function classifyLocalError(error: unknown): ClassifiedError {
  if (isDiskFull(error) || (error instanceof RenderError && error.code === "disk_full")) {
    return {
      ...BY_END.disk_full,
      message: FULL.message,
      detail: String(error),
      ...retryWait(FULL),
      notAccepted: true,
    };
  }
  if (error instanceof RenderError) {
    return {
      ...BY_END[error.code],
      message: error.message,
      ...(typeof error.cause === "string" ? { detail: error.cause } : {}),
      notAccepted: true,
    };
  }
  if (error instanceof ZodError) {
    const issue = error.issues[0];
    return {
      code: "invalid_input",
      message: `${String(issue?.path[0] ?? "params")}: ${issue?.message ?? "not valid"}`,
      retryable: false,
      notAccepted: true,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "internal", message: `The local renderer failed: ${message}`, retryable: true, notAccepted: true };
}
