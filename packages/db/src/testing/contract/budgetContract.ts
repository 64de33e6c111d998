import { credits } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { expectRefused, openStudio } from "../openStudio.ts";
import { samplePlan } from "../samples.ts";
import type { Credits } from "@reelstate/lifecycle";
import type { SetBudget, StoreOutcome } from "../../store/people.ts";
import type { BudgetView } from "../../store/views.ts";
import type { OpenStore, Studio } from "../openStudio.ts";

const HOUR_MS = 3_600_000;

/** A studio early in the first day of a month, so that no test ends in another day than it began in. */
async function inANewMonth(open: OpenStore, budget: Omit<SetBudget, "workspaceId">): Promise<Studio> {
  const studio = await openStudio(open);
  const { store, workspaceId } = studio;
  const { monthEndsAt } = await store.budget({ workspaceId });
  studio.advanceClock(monthEndsAt - (await store.now()) + HOUR_MS);
  await store.setBudget({ workspaceId, ...budget });
  return studio;
}

function budgetOf({ store, workspaceId }: Studio): Promise<BudgetView> {
  return store.budget({ workspaceId });
}

const of = (quote: number) => samplePlan({ quote: credits(quote) });

/** So many assets at so many credits each, all of them or none. */
function creating({ store, workspaceId, newAsset }: Studio, quote: number, count = 1): Promise<StoreOutcome<unknown>> {
  const assets = Array.from({ length: count }, () => newAsset({ plan: of(quote) }));
  return store.createAssets({ workspaceId, projectId: null, idempotency: null, assets });
}

async function makeFor(studio: Studio, quote: number): Promise<void> {
  await studio.made({ plan: of(quote) });
}

export function budgetContract(open: OpenStore): void {
  it("[C5] of fifty creates at once exactly as many are made as the day's budget leaves room for", async () => {
    await using studio = await inANewMonth(open, { day: credits(120) });
    await makeFor(studio, 13);
    await studio.create({ plan: of(7) });
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => creating(studio, 7)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(14);
    for (const outcome of outcomes.filter(({ ok }) => !ok)) {
      expect(outcome).toMatchObject({ why: "budget_exceeded", budget: "day", short: 5 });
    }
    expect(await studio.credit()).toEqual({ balance: 987, held: 105 });
  });

  it("[C5] beyond a budget nothing is created, and it is told by how much, of which, and until when", async () => {
    await using studio = await inANewMonth(open, { day: credits(20), month: credits(50) });
    const { dayEndsAt, monthEndsAt } = await budgetOf(studio);
    await makeFor(studio, 15);
    const before = await studio.events();
    const beyond = { ok: false, why: "budget_exceeded" };
    expect(await creating(studio, 6)).toEqual({ ...beyond, budget: "day", short: 1, freeAt: dayEndsAt });
    // Waiting for tomorrow helps nobody who asks for more than there is in a day.
    expect(await creating(studio, 21)).toEqual({ ...beyond, budget: "day", short: 16, freeAt: null });
    // Where both are passed the month is, which is over later.
    expect(await creating(studio, 36)).toEqual({ ...beyond, budget: "month", short: 1, freeAt: monthEndsAt });
    expect(await studio.events()).toEqual(before);
    expect(await studio.credit()).toEqual({ balance: 985, held: 0 });
    expect(await creating(studio, 5)).toMatchObject({ ok: true });
  });

  it("[C5] [A1] of a request for several all are counted, and none is made where one is too many", async () => {
    await using studio = await inANewMonth(open, { day: credits(20) });
    expect(await creating(studio, 6, 4)).toMatchObject({ why: "budget_exceeded", short: 4, freeAt: null });
    expect(await studio.events()).toEqual([]);
    expect(await creating(studio, 6, 3)).toMatchObject({ ok: true });
  });

  it("[C5] what was captured counts until its UTC day and month are over, what is held until it is released", async () => {
    await using studio = await inANewMonth(open, { day: credits(10), month: credits(15) });
    const { store, workspaceId } = studio;
    await makeFor(studio, 9);
    const job = await studio.start({ plan: of(1) });
    expect(await budgetOf(studio)).toMatchObject({ spentToday: 9, spentThisMonth: 9, held: 1 });
    expectRefused(await creating(studio, 1));
    await studio.fail(job, { retryable: false });
    expect(await budgetOf(studio)).toMatchObject({ spentToday: 9, spentThisMonth: 9, held: 0 });
    const { dayEndsAt, monthEndsAt } = await budgetOf(studio);

    studio.advanceClock(dayEndsAt - (await store.now()));
    expect(await budgetOf(studio)).toMatchObject({ spentToday: 0, spentThisMonth: 9 });
    expect(await creating(studio, 7)).toMatchObject({ budget: "month", short: 1, freeAt: monthEndsAt });
    await makeFor(studio, 6);
    expect(await budgetOf(studio)).toMatchObject({ spentToday: 6, spentThisMonth: 15 });

    studio.advanceClock(monthEndsAt - (await store.now()));
    expect(await budgetOf(studio)).toMatchObject({ spentToday: 0, spentThisMonth: 0, day: 10, month: 15 });
    expect(await store.setBudget({ workspaceId, day: null })).toMatchObject({ day: null, month: 15 });
    expect(await creating(studio, 15)).toMatchObject({ ok: true });
  });

  it("[C5] retry, regenerate and recover hold anew and are counted; another attempt of the same job is not", async () => {
    await using studio = await inANewMonth(open, { day: credits(20) });
    const { store, workspaceId } = studio;
    const made = await studio.made();
    const paid = await studio.start();
    await studio.openAtProvider(paid);
    await studio.fail(paid, { retryable: false });
    const failed = await studio.start();
    await store.setBudget({ workspaceId, day: credits(12) });
    await studio.fail(failed, { retryable: true });
    await store.setBudget({ workspaceId, day: credits(11) });
    studio.advanceClock(2_001);
    const again = await studio.claimOne();
    expect(again).toMatchObject({ jobId: failed.jobId, attempt: 2 });
    await studio.fail(again, { retryable: false });
    const beyond = { ok: false, why: "budget_exceeded", budget: "day", short: 1 };
    expect(await studio.startJob("retry", failed.assetId)).toMatchObject(beyond);
    expect(await studio.startJob("regenerate", made.assetId)).toMatchObject(beyond);
    expect(await studio.startJob("recover", paid.assetId)).toMatchObject(beyond);
    expect((await studio.get(failed.assetId)).status).toBe("failed");
    await store.setBudget({ workspaceId, day: credits(12) });
    expect(await studio.startJob("recover", paid.assetId)).toMatchObject({ ok: true });
  });

  it("[C5] [C4] a repeated request gives its first answer, whatever the budget says by now", async () => {
    await using studio = await inANewMonth(open, { day: credits(6) });
    const { store, workspaceId } = studio;
    const idempotency = { key: "press-1", bodyHash: "a" };
    const ask = () =>
      store.createAssets({ workspaceId, projectId: null, idempotency, assets: [studio.newAsset({ plan: of(6) })] });
    const first = await ask();
    expect(first).toMatchObject({ ok: true });
    await store.setBudget({ workspaceId, day: credits(0) });
    expect(await ask()).toEqual(first);
  });

  it("[C5] what costs nothing is never refused", async () => {
    await using studio = await inANewMonth(open, { day: credits(0), month: credits(0) });
    expect(await creating(studio, 0)).toMatchObject({ ok: true });
    expect(await creating(studio, 1)).toMatchObject({ budget: "month", short: 1, freeAt: null });
  });

  it("[C5] where the clock goes back, the day that it goes back to has what was spent in it", async () => {
    await using studio = await inANewMonth(open, {});
    await makeFor(studio, 5);
    studio.advanceClock(24 * HOUR_MS);
    await makeFor(studio, 3);
    studio.advanceClock(-24 * HOUR_MS);
    await makeFor(studio, 2);
    expect(await budgetOf(studio)).toMatchObject({ spentToday: 7, spentThisMonth: 10 as Credits });
  });

  it("[C5] where the clock steps back over midnight and on again, as between two workers of which one had read it before it waited, nothing of the new day and month is forgotten", async () => {
    await using studio = await inANewMonth(open, { day: credits(20), month: credits(20) });
    const { store, workspaceId } = studio;
    await makeFor(studio, 4);
    const { monthEndsAt } = await budgetOf(studio);
    studio.advanceClock(monthEndsAt - (await store.now()) + 5);
    await makeFor(studio, 12);
    const [begun, ends] = [await budgetOf(studio), { budget: "month", short: 1 }];
    studio.advanceClock(-10);
    // Nor is it to be had once more as long as the clock is back.
    expect(await budgetOf(studio)).toEqual(begun);
    expect(await creating(studio, 9)).toMatchObject(ends);
    await makeFor(studio, 3);
    expect(await budgetOf(studio)).toEqual({ ...begun, spentToday: 15, spentThisMonth: 15 });
    studio.advanceClock(45);
    expect(await creating(studio, 6)).toMatchObject(ends);
    await makeFor(studio, 1);
    expect(await budgetOf(studio)).toEqual({ ...begun, spentToday: 16, spentThisMonth: 16 });
    // The ledger has each in the day in which it counts.
    const entries = await store.creditEntries({ workspaceId, limit: 20 });
    const captures = entries
      .filter(({ kind }) => kind === "capture")
      .map(({ balance, at }) => [balance, at - monthEndsAt]);
    expect(captures.slice(0, 3)).toEqual([
      [-1, 40],
      [-3, 0],
      [-12, 5],
    ]);
  });
}
