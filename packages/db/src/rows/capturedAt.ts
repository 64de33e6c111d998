import { utcDay, utcMonth } from "@reelstate/lifecycle";
import type { EpochMs, LedgerEntry } from "@reelstate/lifecycle";

/** What a ledger entry captures, and the day and month in which: the values that `spendingSql` asks for (C5). */
export interface Captured {
  readonly spent: number;
  readonly capturedAt: EpochMs;
  readonly day: EpochMs;
  readonly dayEnds: EpochMs;
  readonly month: EpochMs;
  readonly monthEnds: EpochMs;
}

export function capturedAt({ balance }: Pick<LedgerEntry, "balance">, at: EpochMs): Captured {
  const [day, month] = [utcDay(at), utcMonth(at)];
  return {
    spent: -balance,
    capturedAt: at,
    day: day.begins,
    dayEnds: day.ends,
    month: month.begins,
    monthEnds: month.ends,
  };
}
