import { describe, expect, it } from "vitest";
import { overBudget } from "./overBudget.ts";
import { spendingAfter, spendingAt, utcDay, utcMonth } from "./spendingAt.ts";
import { credits, epochMs } from "./units.ts";

const at = (time: string) => epochMs(Date.parse(time));
const NOON = at("2028-02-29T12:00:00Z");

function workspace({ spent = 0, held = 0, day = null as number | null, month = null as number | null }) {
  return {
    ...spendingAfter(
      { dayBegun: epochMs(0), monthBegun: epochMs(0), spentInDay: credits(0), spentInMonth: credits(0) },
      credits(spent),
      NOON,
    ),
    held: credits(held),
    budgetDay: day === null ? null : credits(day),
    budgetMonth: month === null ? null : credits(month),
  };
}

describe("budgets", () => {
  it("[C5] spent, held and quoted are together at most the budget, to the credit", () => {
    const there = workspace({ spent: 5, held: 3, day: 10 });
    expect(overBudget(there, credits(2), NOON)).toBeNull();
    expect(overBudget(there, credits(3), NOON)).toEqual({
      ok: false,
      why: "budget_exceeded",
      budget: "day",
      short: 1,
      freeAt: at("2028-03-01T00:00:00Z"),
    });
    expect(overBudget(workspace({ spent: 5, held: 3 }), credits(1_000), NOON)).toBeNull();
  });

  it("[C5] the month is told where both are passed, and no time where the quote alone is too much", () => {
    const there = workspace({ spent: 5, day: 6, month: 8 });
    expect(overBudget(there, credits(4), NOON)).toMatchObject({
      budget: "month",
      short: 1,
      freeAt: at("2028-03-01T00:00:00Z"),
    });
    expect(overBudget(there, credits(9), NOON)).toMatchObject({ budget: "month", short: 6, freeAt: null });
    expect(overBudget(workspace({ day: 0, month: 0, held: 9 }), credits(0), NOON)).toBeNull();
  });

  it("[C5] a day and a month are those of UTC, and what was spent counts until they end", () => {
    expect(utcDay(at("2028-02-29T23:59:59.999Z"))).toEqual({
      begins: at("2028-02-29T00:00:00Z"),
      ends: at("2028-03-01T00:00:00Z"),
    });
    expect(utcMonth(at("2027-12-31T23:59:59.999Z"))).toEqual({
      begins: at("2027-12-01T00:00:00Z"),
      ends: at("2028-01-01T00:00:00Z"),
    });
    const spent = workspace({ spent: 7 });
    const on = (time: string) => {
      const { day, month } = spendingAt(spent, at(time));
      return [day.spent, month.spent];
    };
    expect(on("2028-02-29T23:59:59.999Z")).toEqual([7, 7]);
    expect(on("2028-02-28T12:00:00Z")).toEqual([0, 7]);
    expect(on("2028-03-01T00:00:00Z")).toEqual([0, 0]);
    expect(spendingAfter(spent, credits(2), at("2028-03-01T00:00:00Z"))).toMatchObject({
      spentInDay: 2,
      spentInMonth: 2,
    });
  });

  it("[C5] a clock that steps back over midnight by an hour at most goes on in the day and month that have begun", () => {
    const began = spendingAfter(workspace({ spent: 7 }), credits(2), at("2028-03-01T00:00:00.005Z"));
    const on = (time: string) => {
      const { day, month } = spendingAt(began, at(time));
      return [day.spent, month.spent, day.begins];
    };
    const march = at("2028-03-01T00:00:00Z");
    expect(on("2028-02-29T23:59:59.999Z")).toEqual([2, 2, march]);
    expect(on("2028-02-29T23:00:00Z")).toEqual([2, 2, march]);
    expect(on("2028-02-29T22:59:59.999Z")).toEqual([0, 0, at("2028-02-29T00:00:00Z")]);
    const after = spendingAfter(began, credits(3), at("2028-02-29T23:59:59.995Z"));
    expect(after).toEqual({ dayBegun: march, monthBegun: march, spentInDay: 5, spentInMonth: 5 });
  });
});
