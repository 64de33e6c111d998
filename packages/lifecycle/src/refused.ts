import { REFUSALS } from "./decision.ts";
import type { RefusalReason, Refused } from "./decision.ts";

/** One frozen answer for each reason, so that refusing allocates nothing. */
export const REFUSED = Object.freeze(
  Object.fromEntries(REFUSALS.map((why) => [why, Object.freeze({ ok: false, why })])),
) as Readonly<Record<RefusalReason, Refused>>;
