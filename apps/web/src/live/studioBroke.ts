import { TRPCClientError } from "@trpc/client";

/** Somebody answered, but with a failure of their own: the studio, or what stands before it. */
export class StudioBroke extends Error {
  override readonly name = "StudioBroke";

  constructor(status: number) {
    super(`The studio answered with status ${status}.`);
  }
}

/** What a studio says whose database is away. */
export const AWAY = 503;

/**
 * Whether the error says that something broke over there. Otherwise, and if it is no refusal, nobody answered who could, and what
 * was asked for may have been done.
 */
export function studioBroke(error: unknown): boolean {
  if (error instanceof StudioBroke) return true;
  if (!(error instanceof TRPCClientError)) return false;
  const status = (error.data as { readonly httpStatus?: number } | null | undefined)?.httpStatus;
  return (status !== undefined && status >= 500 && status !== AWAY) || error.cause instanceof StudioBroke;
}
