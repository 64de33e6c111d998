import type { Breakage } from "../Breakage.ts";

/** A studio that pays for requests of which it has written nothing down (P1). */
export const forgetIntents: Breakage = {
  store: () => ({ intendSubmission: async () => ({ ok: true, transition: null, cancelRequested: false }) }),
};
