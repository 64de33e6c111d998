import { spendingAt } from "@reelstate/lifecycle";
import type { Credits, EpochMs } from "@reelstate/lifecycle";
import type { BudgetView, WorkspaceCredits } from "../store/views.ts";

/** A workspace's budget as it is shown at a moment (C5); nothing where there is no workspace. */
export function toBudgetView(credit: WorkspaceCredits | undefined, now: EpochMs): BudgetView {
  const { budgetDay, budgetMonth, held, ...spending } = credit ?? NOTHING;
  const { day, month } = spendingAt(spending, now);
  return {
    day: budgetDay,
    month: budgetMonth,
    spentToday: day.spent,
    spentThisMonth: month.spent,
    held,
    dayEndsAt: day.ends,
    monthEndsAt: month.ends,
  };
}

const NOTHING: WorkspaceCredits = {
  balance: 0 as Credits,
  held: 0 as Credits,
  budgetDay: null,
  budgetMonth: null,
  dayBegun: 0 as EpochMs,
  monthBegun: 0 as EpochMs,
  spentInDay: 0 as Credits,
  spentInMonth: 0 as Credits,
};
