import type { Credits, EpochMs } from "./units.ts";

/**
 * What a workspace has captured, counted as it happens: of the last UTC day and month in which it captured anything, beside
 * their beginnings. A sum over its ledger would say the same and cost more with every line.
 */
export interface Spending {
  readonly dayBegun: EpochMs;
  readonly monthBegun: EpochMs;
  readonly spentInDay: Credits;
  readonly spentInMonth: Credits;
}

export interface UtcSpan {
  readonly begins: EpochMs;
  /** When the next one begins. */
  readonly ends: EpochMs;
}

export interface SpentIn extends UtcSpan {
  readonly spent: Credits;
}

const DAY_MS = 86_400_000;
const NOTHING = 0 as Credits;

/**
 * A clock that is set right steps back by less, and so does one that was read before a wait. Over midnight the day that has begun then
 * goes on: it would else be forgotten, and begin with nothing once more. Who goes back further was in a wrong day.
 */
export const STEPS_BACK_MS = 3_600_000;

export function utcDay(at: EpochMs): UtcSpan {
  const begins = at - (at % DAY_MS);
  return { begins: begins as EpochMs, ends: (begins + DAY_MS) as EpochMs };
}

export function utcMonth(at: EpochMs): UtcSpan {
  const date = new Date(at);
  const month = (ahead: number): EpochMs => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead) as EpochMs;
  return { begins: month(0), ends: month(1) };
}

/** What was spent in the day and month of `now`: what was counted for an earlier one is over (C5). */
export function spendingAt(spending: Spending, now: EpochMs): { readonly day: SpentIn; readonly month: SpentIn } {
  const steppedBack = now < spending.dayBegun && spending.dayBegun - now <= STEPS_BACK_MS;
  const at = steppedBack ? spending.dayBegun : now;
  const [day, month] = [utcDay(at), utcMonth(at)];
  return {
    day: { ...day, spent: spending.dayBegun === day.begins ? spending.spentInDay : NOTHING },
    month: { ...month, spent: spending.monthBegun === month.begins ? spending.spentInMonth : NOTHING },
  };
}

/** The same once more has been captured. */
export function spendingAfter(spending: Spending, captured: Credits, at: EpochMs): Spending {
  const { day, month } = spendingAt(spending, at);
  return {
    dayBegun: day.begins,
    monthBegun: month.begins,
    spentInDay: (day.spent + captured) as Credits,
    spentInMonth: (month.spent + captured) as Credits,
  };
}
