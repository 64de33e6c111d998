import { compileTable } from "./compileTable.ts";
import { holdMachine } from "./holdMachine.ts";
import type { DecisionTable } from "./compileTable.ts";
import type { LedgerEntry } from "./decision.ts";
import type { HoldRow, JobRow } from "./rows.ts";
import type { Credits } from "./units.ts";

type HoldEvent = { readonly type: "capture" | "release" };

let compiled: DecisionTable<HoldRow, HoldEvent> | null = null;

/** `holdMachine`, compiled. */
export function holdTable(): DecisionTable<HoldRow, HoldEvent> {
  return (compiled ??= compileTable({
    machine: holdMachine,
    guards: {},
    actions: [],
    reasons: {},
    untaken: () => "already_ended",
  }));
}

const CAPTURE: HoldEvent = { type: "capture" };
const RELEASE: HoldEvent = { type: "release" };

/** A live job's hold ends with it, once (C2). A hold of nothing leaves no line in the ledger. */
export function endHold(
  hold: HoldRow | null,
  job: JobRow,
  how: HoldEvent["type"],
): { readonly hold: HoldRow; readonly ledger: LedgerEntry | null } {
  const leaf = hold === null ? null : holdTable().ask(hold.state, hold, how === "capture" ? CAPTURE : RELEASE);
  if (hold === null || leaf === null || !leaf.taken) {
    throw new Error(`Job ${job.id} ends, but its hold is ${hold === null ? "missing" : hold.state}: it must be held.`);
  }
  const spent = -hold.amount as Credits;
  return {
    hold: { state: leaf.status as HoldRow["state"], amount: hold.amount },
    ledger:
      hold.amount === 0
        ? null
        : { kind: how, jobId: job.id, balance: how === "capture" ? spent : (0 as Credits), held: spent },
  };
}
