import { describe, expect, it } from "vitest";
import { advance } from "./advance.ts";
import { neverArrived } from "./neverArrived.ts";
import { after, afterwards, jobOf, refusal } from "./oracle/played.ts";
import { stepEvent } from "./testing/stepEvent.ts";
import { durationMs } from "./units.ts";
import type { FailEvent } from "./events.ts";

describe("jobs", () => {
  it("[J1] a job is born pending, attempt 0, queued or waiting for its inputs", () => {
    expect(jobOf(after("create"))).toMatchObject({
      status: "pending",
      phase: "queued",
      attempt: 0,
      failures: 0,
      losses: 0,
      leaseUntil: null,
    });
    expect(jobOf(after("create_waiting"))).toMatchObject({ status: "pending", phase: "waiting_inputs", attempt: 0 });
  });

  it("[J2] only a claim starts it: attempt + 1, a lease from the clock in the event", () => {
    const claimed = jobOf(after("create", "claim"));
    expect(claimed).toMatchObject({ status: "processing", phase: "submitting", attempt: 1 });
    expect(claimed.leaseUntil).toBe((claimed.startedAt ?? 0) + 15_000);
    expect(jobOf(after("create", "claim", "hand_back", "claim")).attempt).toBe(2);
    for (const step of ["complete", "progress_storing", "fail_final", "lose", "hand_back", "settle"] as const) {
      expect(refusal(after("create"), step)).toBe("illegal");
    }
  });

  it("[J2] a job that waits for its inputs or for its next try is not claimable", () => {
    expect(refusal(after("create_waiting"), "claim")).toBe("illegal");
    expect(refusal(after("create", "claim", "fail_retryable"), "claim_early")).toBe("not_due");
    expect(refusal(after("create", "claim"), "claim")).toBe("illegal");
  });

  it("[J3] progress only from the live attempt, and never backwards", () => {
    const making = after("create", "claim", "progress_at_provider");
    expect(refusal(making, "progress_stale")).toBe("stale_attempt");
    expect(refusal(making, "progress_submitting")).toBe("backwards");
    const report = {
      type: "progress",
      at: jobOf(making).startedAt ?? (0 as never),
      attempt: 1,
      phase: "at_provider",
    } as const;
    expect(advance(making, { ...report, fraction: 0.2 })).toEqual({ ok: false, why: "backwards" });
    expect(advance(making, { ...report, fraction: Number.NaN })).toEqual({ ok: false, why: "illegal" });
    expect(advance(making, { ...report, fraction: 1.01 })).toEqual({ ok: false, why: "illegal" });
    expect(jobOf(afterwards(making, { ...report, fraction: 0.9 })).fraction).toBe(0.9);
    expect(jobOf(afterwards(making, { ...report, fraction: null })).fraction).toBe(0.25);
  });

  it.each(["submitting", "at_provider", "fetching", "storing"] as const)(
    "[J3] %s takes no smaller fraction than there was, from whatever phase it comes",
    (phase) => {
      const making = after("create", "claim");
      const report = { type: "progress", at: jobOf(making).startedAt ?? (0 as never), attempt: 1 } as const;
      for (const from of ["submitting", phase] as const) {
        const halfway = afterwards(making, { ...report, phase: from, fraction: 0.5 });
        expect(advance(halfway, { ...report, phase, fraction: 0.49 })).toEqual({ ok: false, why: "backwards" });
        expect(advance(halfway, { ...report, phase, fraction: 0.5 }).ok).toBe(true);
      }
    },
  );

  it("[J3] a new attempt starts again from nothing", () => {
    const again = jobOf(after("create", "claim", "progress_storing", "fail_retryable", "claim"));
    expect(again).toMatchObject({ phase: "submitting", fraction: null });
  });

  it("[J4] completes from any phase of the live attempt, and only with media that is whole", () => {
    for (const phase of [
      "progress_submitting",
      "progress_at_provider",
      "progress_fetching",
      "progress_storing",
    ] as const) {
      expect(jobOf(after("create", "claim", phase, "complete"))).toMatchObject({
        status: "completed",
        phase: null,
        leaseUntil: null,
      });
    }
    expect(refusal(after("create"), "complete")).toBe("illegal");
    expect(refusal(after("create", "claim"), "complete_stale")).toBe("stale_attempt");
    expect(refusal(after("create", "claim"), "complete_empty")).toBe("media_invalid");
  });

  it("[J5] a retryable failure waits out its backoff, until the budget is spent", () => {
    const failed = after("create", "claim", "fail_retryable");
    expect(jobOf(failed)).toMatchObject({ status: "pending", phase: "backoff", failures: 1, attempt: 1 });
    expect(failed.asset.status).toBe("pending");
    const spent = after("create", "claim", "fail_retryable", "claim", "fail_retryable");
    expect(jobOf(spent)).toMatchObject({ status: "failed", failures: 2, errorCode: "provider_unavailable" });
    expect(spent.asset).toMatchObject({ status: "failed", errorCode: "provider_unavailable" });
  });

  it("[J5] the wait is the one in the event, so that a provider's Retry-After wins", () => {
    const making = after("create", "claim");
    const failure = stepEvent(making, "fail_retryable") as FailEvent;
    const waiting = jobOf(afterwards(making, { ...failure, backoffMs: durationMs(37_000) }));
    expect(waiting.nextTryAt).toBe(failure.at + 37_000);
  });

  it("[J5] a final failure ends it at once, and a failure must say something", () => {
    expect(jobOf(after("create", "claim", "fail_final"))).toMatchObject({
      status: "failed",
      failures: 1,
      errorCode: "content_policy_input",
    });
    const making = after("create", "claim");
    const silent = { ...(stepEvent(making, "fail_final") as FailEvent), message: " " };
    expect(advance(making, silent)).toEqual({ ok: false, why: "illegal" });
  });

  it("[J6] a lost lease goes back to pending while losses are left, else failed as worker_lost: never stuck", () => {
    expect(refusal(after("create", "claim"), "lose_early")).toBe("not_due");
    const lost = after("create", "claim", "lose");
    expect(jobOf(lost)).toMatchObject({
      status: "pending",
      phase: "backoff",
      losses: 1,
      failures: 0,
      leaseUntil: null,
    });
    const spent = after("create", "claim", "lose", "claim", "lose");
    expect(jobOf(spent)).toMatchObject({ status: "failed", losses: 2, failures: 0, errorCode: "worker_lost" });
    expect(spent.asset.errorCode).toBe("worker_lost");
  });

  it("[J6] handing back at shutdown spends neither budget, however often", () => {
    const rows = after("create", ...Array.from({ length: 20 }, () => ["claim", "hand_back"] as const).flat());
    expect(jobOf(rows)).toMatchObject({ status: "pending", phase: "queued", failures: 0, losses: 0, attempt: 20 });
  });

  it("[J7] a wish ends a pending job at once where nothing is alive at the provider", () => {
    expect(jobOf(after("create", "cancel")).status).toBe("cancelled");
    expect(jobOf(after("create_waiting", "cancel")).status).toBe("cancelled");
    expect(jobOf(after("create", "claim", "fail_retryable", "cancel")).status).toBe("cancelled");
  });

  it("[J7] a running job ends as soon as its worker has stopped", () => {
    const wished = after("create", "claim", "cancel");
    expect(jobOf(wished)).toMatchObject({ status: "processing", endedAt: null });
    expect(jobOf(after("create", "claim", "cancel", "settle")).status).toBe("cancelled");
    expect(refusal(after("create", "claim"), "settle")).toBe("illegal");
    expect(refusal(wished, "cancel")).toBe("unsettled");
  });

  it("[J7] with an open submission the wish makes it claimable to settle, and it ends as what really happened", () => {
    const open = ["create", "claim", "submission_intended", "submission_open"] as const;
    const waiting = after(...open, "fail_retryable", "cancel");
    expect(jobOf(waiting)).toMatchObject({ status: "pending", phase: "queued", nextTryAt: null });
    expect(refusal(after(...open, "cancel"), "settle")).toBe("unsettled");
    expect(jobOf(after(...open, "cancel", "submission_ended", "settle")).status).toBe("cancelled");
    expect(jobOf(after(...open, "cancel", "submission_ended", "complete")).status).toBe("completed");
  });

  it("[J7] [P2] an intended submission may be alive too: its call's outcome is unknown", () => {
    const intended = ["create", "claim", "submission_intended"] as const;
    expect(refusal(after(...intended, "cancel"), "settle")).toBe("unsettled");
    expect(jobOf(after(...intended, "cancel", "hand_back")).status).toBe("pending");
    expect(jobOf(after(...intended, "hand_back", "cancel"))).toMatchObject({ status: "pending", phase: "queued" });
  });

  it("[P2] [P6] a job that nobody can work on any more fails, and what may be alive of it stays recoverable", () => {
    const intended = ["create", "claim", "submission_intended"] as const;
    const unknown = jobOf(after(...intended, "hand_back", "reject"));
    expect(unknown).toMatchObject({ status: "failed", errorCode: "unconfirmed_submit", recoverable: false });
    for (const back of [["hand_back"], ["fail_retryable"], ["cancel", "lose"]] as const) {
      const open = jobOf(after(...intended, "submission_open", ...back, "reject"));
      expect(open).toMatchObject({ status: "failed", errorCode: "input_not_ready", recoverable: true });
      expect(open.errorMessage).not.toBe("");
    }
    const ended = jobOf(after(...intended, "submission_open", "submission_ended", "fail_retryable", "reject"));
    expect(ended).toMatchObject({ status: "failed", recoverable: false });
  });

  it("[P2] [P6] [J8] a failed job whose request never arrived stays failed, has nothing to recover, and says what is known now", () => {
    const failed = after("create", "claim", "submission_intended", "fail_final");
    const known = { errorCode: "provider_unavailable", errorMessage: "The request never reached the provider." };
    const doubtful = { ...failed, job: { ...jobOf(failed), recoverable: true } };
    expect(jobOf(doubtful)).toMatchObject({ status: "failed", errorCode: "unconfirmed_submit" });
    for (const rows of [failed, doubtful]) {
      const next = neverArrived(rows);
      expect(next).toEqual({
        ...rows,
        asset: { ...rows.asset, ...known, rowVersion: rows.asset.rowVersion + 1 },
        job: { ...rows.job, ...known, submission: "none", recoverable: false },
      });
      expect(next === null ? null : refusal(next, "recover")).toBe("not_recoverable");
      expect(next === null ? null : neverArrived(next)).toBeNull();
    }
    for (const others of [
      after("create", "claim", "submission_intended"),
      after("create", "claim", "submission_intended", "submission_open", "fail_final"),
      after("create", "claim", "complete"),
    ])
      expect(neverArrived(others)).toBeNull();
  });

  it("[J7] after a wish there is no backoff and no retry", () => {
    const open = ["create", "claim", "submission_intended", "submission_open", "cancel"] as const;
    expect(jobOf(after(...open, "fail_retryable"))).toMatchObject({ phase: "queued", nextTryAt: null });
    expect(jobOf(after(...open, "lose"))).toMatchObject({ phase: "queued", nextTryAt: null });
    expect(jobOf(after("create", "claim", "cancel", "fail_retryable")).status).toBe("cancelled");
    expect(jobOf(after("create", "claim", "cancel", "lose")).status).toBe("cancelled");
    expect(jobOf(after("create", "claim", "cancel", "hand_back")).status).toBe("cancelled");
  });

  it.each([
    ["completed", ["create", "claim", "complete"]],
    ["failed", ["create", "claim", "fail_final"]],
    ["cancelled", ["create", "cancel"]],
  ] as const)("[J8] %s is terminal: every later write is refused", (_status, path) => {
    const ended = after(...path);
    for (const step of [
      "claim",
      "progress_storing",
      "complete",
      "fail_retryable",
      "lose",
      "expire_job",
      "hand_back",
      "cancel",
      "settle",
      "ready",
      "reject",
    ] as const) {
      expect(refusal(ended, step)).toBe("already_ended");
    }
  });

  it("[J9] an attempt that lost its claim is refused, whatever it says", () => {
    const second = after("create", "claim", "lose", "claim");
    for (const step of ["progress_stale", "complete_stale", "fail_stale"] as const)
      expect(refusal(second, step)).toBe("stale_attempt");
    const at = jobOf(second).startedAt ?? (0 as never);
    expect(advance(second, { type: "hand_back", at, attempt: 1 })).toEqual({ ok: false, why: "stale_attempt" });
    expect(advance(second, { type: "settle", at, attempt: 3 })).toEqual({ ok: false, why: "stale_attempt" });
  });

  it("[J10] an attempt's deadline is a retryable failure", () => {
    expect(refusal(after("create", "claim"), "expire_attempt_early")).toBe("not_due");
    expect(jobOf(after("create", "claim", "expire_attempt"))).toMatchObject({
      phase: "backoff",
      failures: 1,
      errorCode: "timeout",
    });
    expect(jobOf(after("create", "claim", "expire_attempt", "claim", "expire_attempt")).status).toBe("failed");
  });

  it("[J10] a job's deadline counts from its first claim and is final, waiting or running", () => {
    expect(refusal(after("create"), "expire_job")).toBe("not_due");
    expect(refusal(after("create", "claim"), "expire_job_early")).toBe("not_due");
    for (const path of [
      ["create", "claim"],
      ["create", "claim", "fail_retryable"],
      ["create", "claim", "hand_back"],
    ] as const) {
      expect(jobOf(after(...path, "expire_job"))).toMatchObject({ status: "failed", errorCode: "timeout" });
    }
  });

  it("[J11] one live job per asset: a second is refused as busy", () => {
    for (const path of [["create"], ["create", "claim"], ["create", "claim", "complete", "regenerate"]] as const) {
      for (const step of ["retry", "regenerate", "recover"] as const)
        expect(refusal(after(...path), step)).toBe("busy");
    }
  });
});
