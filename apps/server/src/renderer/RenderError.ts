import type { RenderFailure } from "./protocol.ts";

/** How a render ended without a picture. `crashed`: the child died by itself; `cancelled`: we killed it on request. */
export type RenderEnd = RenderFailure | "crashed" | "timeout" | "cancelled";

export class RenderError extends Error {
  override readonly name = "RenderError";
  readonly code: RenderEnd;

  constructor(code: RenderEnd, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
