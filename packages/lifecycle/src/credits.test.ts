import { describe, expect, it } from "vitest";
import { advance } from "./advance.ts";
import { after, refusal, taken } from "./oracle/played.ts";
import { SAMPLE_ASSET, SAMPLE_START, sampleNewJob, sampleVersionId } from "./testing/samples.ts";
import { credits } from "./units.ts";
import type { NewJob } from "./events.ts";

function creating(job: Partial<NewJob>) {
  return advance(null, {
    type: "create",
    at: SAMPLE_START,
    assetId: SAMPLE_ASSET,
    versionId: sampleVersionId(1),
    job: sampleNewJob(job),
  });
}

describe("credits", () => {
  it("[C1] the hold is taken if the quote is at most what is available, to the credit", () => {
    expect(creating({ quote: credits(6), available: credits(6) }).ok).toBe(true);
    expect(creating({ quote: credits(6), available: credits(5) })).toEqual({
      ok: false,
      why: "insufficient_credits",
      short: 1,
    });
  });

  it("[C1] otherwise nothing is created or started", () => {
    expect(refusal(null, "create_unaffordable")).toBe("insufficient_credits");
    expect(
      advance(after("create", "cancel"), {
        type: "retry",
        at: SAMPLE_START,
        versionId: sampleVersionId(1),
        versionNumber: 1,
        job: sampleNewJob({ available: credits(2) }),
      }),
    ).toEqual({
      ok: false,
      why: "insufficient_credits",
      short: 4,
    });
  });

  it.each([
    ["complete", "captured"],
    ["fail_final", "released"],
    ["expire_job", "released"],
  ] as const)("[C2] a hold ends with its job: %s makes it %s", (step, state) => {
    expect(taken(after("create", "claim"), step).next.hold).toEqual({ state, amount: 6 });
  });

  it("[C2] a hold ends exactly once: rows whose hold ended before the job are a bug, and thrown", () => {
    const rows = after("create", "claim");
    const spent = { ...rows, hold: { state: "released" as const, amount: credits(6) } };
    expect(() => advance(spent, { type: "hand_back", at: SAMPLE_START, attempt: 1 })).not.toThrow();
    expect(() =>
      advance(spent, {
        type: "fail",
        at: SAMPLE_START,
        attempt: 1,
        code: "internal",
        message: "x",
        retryable: false,
        backoffMs: 0 as never,
      }),
    ).toThrow("must be held");
  });

  it("[C3] hold (0, +q), capture (−q, −q), release (0, −q)", () => {
    expect(taken(null, "create").ledger).toEqual({ kind: "hold", jobId: "job-1", balance: 0, held: 6 });
    expect(taken(after("create", "claim"), "complete").ledger).toEqual({
      kind: "capture",
      jobId: "job-1",
      balance: -6,
      held: -6,
    });
    const release = { kind: "release", jobId: "job-1", balance: 0, held: -6 };
    expect(taken(after("create"), "cancel").ledger).toEqual(release);
    expect(taken(after("create", "claim"), "fail_final").ledger).toEqual(release);
    expect(taken(after("create"), "claim").ledger).toBeNull();
  });

  it("[C3] what costs nothing is held and captured without a line in the ledger", () => {
    const free = creating({ quote: credits(0), available: credits(0) });
    expect(free).toMatchObject({ ok: true, ledger: null, next: { hold: { state: "held", amount: 0 } } });
  });

  it("[C3] a credit is a whole number", () => {
    expect(credits(6)).toBe(6);
    for (const amount of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      expect(() => credits(amount)).toThrow("whole number");
  });

  it("[P6] a failed job with an open submission can be recovered: a new job that inherits it, held anew", () => {
    const lost = after("create", "claim", "submission_intended", "submission_open", "fail_final");
    expect(lost.job?.recoverable).toBe(true);
    const { next, ledger } = taken(lost, "recover");
    expect(next.job).toMatchObject({
      id: "job-2",
      status: "pending",
      attempt: 0,
      submission: "open",
      recoverable: true,
    });
    expect(next.asset.status).toBe("pending");
    expect(ledger).toMatchObject({ kind: "hold", jobId: "job-2", held: 6 });
  });

  it("[P6] nothing is recovered where nothing was paid for, or after a cancel", () => {
    expect(refusal(after("create", "claim", "fail_final"), "recover")).toBe("not_recoverable");
    expect(refusal(after("create", "cancel"), "recover")).toBe("not_recoverable");
    const again = after("create", "claim", "submission_intended", "submission_open", "fail_final", "retry");
    expect(again.job).toMatchObject({ submission: "none", recoverable: false });
  });

  it("[P1] a submission's end is recorded whoever learns of it, and lets a wished job be settled", () => {
    const rows = after("create", "claim", "submission_intended", "submission_open", "lose", "submission_ended");
    expect(rows.job).toMatchObject({ status: "pending", submission: "ended" });
    expect(
      after("create", "claim", "submission_intended", "submission_open", "lose", "submission_ended", "cancel").asset
        .status,
    ).toBe("cancelled");
  });
});
