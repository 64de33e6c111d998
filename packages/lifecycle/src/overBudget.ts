import { spendingAt } from "./spendingAt.ts";
import type { Spending, SpentIn } from "./spendingAt.ts";
import type { Credits, EpochMs } from "./units.ts";

/** What a workspace may spend in a UTC day and in a UTC month; null: as much as it has. */
export interface Budgets {
  readonly budgetDay: Credits | null;
  readonly budgetMonth: Credits | null;
}

export interface OverBudget {
  readonly ok: false;
  readonly why: "budget_exceeded";
  readonly budget: "day" | "month";
  /** How many credits it is beyond the budget. */
  readonly short: Credits;
  /** When what was spent counts no more; null where the quote alone is more than the budget, for which no wait helps. */
  readonly freeAt: EpochMs | null;
}

/**
 * Null when the budgets leave room for a quote, else the refusal (C5): what was captured since the day (the month) began, what is
 * held for work under way, and the quote are together at most the budget. What costs nothing is never refused. Where both are
 * passed the month is told, which is over later.
 */
export function overBudget(
  credit: Budgets & Spending & { readonly held: Credits },
  quote: Credits,
  now: EpochMs,
): OverBudget | null {
  const { budgetDay, budgetMonth, held } = credit;
  if ((budgetDay === null && budgetMonth === null) || quote === 0) return null;
  const { day, month } = spendingAt(credit, now);
  return beyond("month", budgetMonth, month) ?? beyond("day", budgetDay, day);

  function beyond(budget: OverBudget["budget"], cap: Credits | null, { spent, ends }: SpentIn): OverBudget | null {
    if (cap === null || spent + held + quote <= cap) return null;
    const short = (spent + held + quote - cap) as Credits;
    return { ok: false, why: "budget_exceeded", budget, short, freeAt: quote > cap ? null : ends };
  }
}
