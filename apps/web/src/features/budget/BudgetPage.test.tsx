// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { navigate } from "../../address/navigate.ts";
import { openStudioPage } from "../../testing/openStudioPage.tsx";
import { openComposer, message, prompt } from "../composer/testing/openComposer.tsx";
import { BudgetPage } from "./BudgetPage.tsx";
import type { BudgetAnswer, Refusal, SetBudgetInput } from "@reelstate/api";
import type { Language } from "@reelstate/lifecycle";

beforeEach(() => {
  localStorage.clear();
  navigate("/");
});
afterEach(cleanup);

const SPENT = {
  day: 100,
  month: null,
  spentToday: 84,
  spentThisMonth: 1_240,
  held: 6,
  dayEndsAt: Date.UTC(2026, 10, 30),
  monthEndsAt: Date.UTC(2026, 11, 1),
} as BudgetAnswer;

async function openBudget(language: Language = "en") {
  const kept = { budget: SPENT, refuse: null as Refusal | null, sets: [] as SetBudgetInput[] };
  const page = openStudioPage(<Leavable />, {
    language,
    budget: {
      get: async () => kept.budget,
      set: async (_caller, change) => {
        kept.sets.push(change);
        if (kept.refuse !== null) return kept.refuse;
        kept.budget = { ...kept.budget, ...(change as Partial<BudgetAnswer>) };
        return { ok: true, value: kept.budget };
      },
    },
  });
  await screen.findByRole("region", { name: /^(Today|今天)$/ });
  return { ...page, kept, user: userEvent.setup({ pointerEventsCheck: 0 }) };
}

/** A page that can be left and opened anew. */
function Leavable() {
  const [open, setOpen] = useState(true);
  return (
    <>
      <button type="button" onClick={() => setOpen(!open)}>
        Leave or open
      </button>
      {open && <BudgetPage />}
    </>
  );
}

const span = (name: RegExp) => within(screen.getByRole("region", { name }));
const cap = (name: RegExp) => span(name).getByRole<HTMLInputElement>("textbox");
const save = () => screen.getByRole<HTMLButtonElement>("button", { name: "Save" });
const saving = () => document.querySelector<HTMLElement>("[data-saving]")?.dataset["saving"];
const said = (name: string) => document.querySelector(`[data-budget="${name}"]`)?.textContent;

describe("the budget", () => {
  it.each([
    ["en", "84 of 100 credits spent · 6 set aside for what is under way", "1,240 credits spent"],
    ["zh", "已花 84 积分，上限 100 · 另有 6 积分为进行中的制作预留", "已花 1,240 积分"],
  ] as const)(
    "[C5] says what is spent and set aside of each cap, and where there is none (%s)",
    async (language, day, month) => {
      await openBudget(language);
      expect(said("day")).toContain(day);
      expect(said("month")).toContain(month);
      expect(document.querySelectorAll("[data-budget] > [aria-hidden]")).toHaveLength(1);
    },
  );

  it("[C5] says that a cap is used up where what is set aside is all that was left", async () => {
    const { kept, studio, model } = await openBudget();
    expect(said("day")).not.toContain("Used up");
    kept.budget = { ...SPENT, held: 16 } as BudgetAnswer;
    studio.create("image", "project-a" as never);
    model.wake();
    await waitFor(() => expect(said("day")).toContain("Used up: nothing that costs credits is begun."));
  });

  it("keeps what was changed and nothing else; an emptied cap is none", async () => {
    const { user, kept } = await openBudget();
    await user.clear(cap(/Today/));
    expect(saving()).toBe("unsaved");
    await user.click(save());
    await waitFor(() => expect(saving()).toBe("saved"));
    expect(kept.sets).toEqual([{ day: null }]);
    expect(said("day")).toContain("84 credits spent");
  });

  it("is still there as it was typed where it could not be kept, and sends nothing that is no number of credits", async () => {
    const { user, kept } = await openBudget();
    kept.refuse = { ok: false, why: "unavailable", message: "away" };
    await user.type(cap(/This month/), "12.5");
    expect([
      save().getAttribute("aria-disabled"),
      span(/This month/).queryByText("A whole number of credits, or nothing."),
    ]).toEqual(["true", expect.anything()]);
    await user.clear(cap(/This month/));
    await user.type(cap(/This month/), "3000");
    await user.click(save());
    await waitFor(() => expect(saving()).toBe("failed"));
    expect(document.body.textContent).toContain("Not saved. The studio cannot write to its database");
    expect([cap(/This month/).value, kept.sets]).toEqual(["3000", [{ month: 3_000 }]]);
  });

  it("still has what was typed and not saved when it is left and opened anew", async () => {
    const { user, kept } = await openBudget();
    await user.type(cap(/This month/), "3000");
    await user.click(screen.getByRole("button", { name: "Leave or open" }));
    expect(screen.queryByRole("region", { name: "Today" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Leave or open" }));
    await screen.findByRole("region", { name: "Today" });
    expect([cap(/This month/).value, saving(), kept.sets]).toEqual(["3000", "unsaved", []]);
  });

  it("keeps the keyboard's place while Save waits, and gives it to a field when Discard is gone", async () => {
    const { user } = await openBudget();
    await user.type(cap(/This month/), "3000");
    screen.getByRole("button", { name: "Discard" }).focus();
    await user.keyboard("{Enter}");
    expect(document.activeElement).toBe(cap(/Today/));
    await user.type(cap(/This month/), "3000");
    save().focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(saving()).toBe("saved"));
    expect([document.activeElement, save().disabled, save().getAttribute("aria-disabled")]).toEqual([
      save(),
      false,
      "true",
    ]);
  });
});

it("[C5] a create beyond it says by how much, and leads to where it is raised, in both languages", async () => {
  const { user, script } = await openComposer({ switches: true });
  script.refuse = {
    ok: false,
    why: "budget_exceeded",
    message: "no",
    short: 40 as never,
    budget: "day",
    freeAt: Date.UTC(2026, 10, 30) as never,
  };
  await user.type(prompt(), "a boat");
  await user.click(screen.getByRole("button", { name: "Generate" }));
  await waitFor(() => expect(message()).toContain("40 credits beyond the budget for today"));
  await user.click(screen.getByRole("button", { name: "中文" }));
  expect(message()).toContain("超出今天的预算 40 积分");
  await user.click(screen.getByRole("link", { name: "预算" }));
  expect(location.pathname).toBe("/budget");
});
