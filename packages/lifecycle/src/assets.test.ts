import { describe, expect, it } from "vitest";
import { advance } from "./advance.ts";
import { mediaIsValid } from "./mediaIsValid.ts";
import { after, afterwards, jobOf, refusal, taken } from "./oracle/played.ts";
import { SAMPLE_START, sampleMedia, sampleNewJob } from "./testing/samples.ts";
import { durationMs } from "./units.ts";
import type { MediaFacts, StartEvent } from "./events.ts";
import type { JobId, VersionId } from "./units.ts";

const COMPLETED = ["create", "claim", "complete"] as const;

describe("assets and versions", () => {
  it("[A1] asset, version, job, hold, ledger entry and event are born in one decision", () => {
    const { next, ledger, record } = taken(null, "create");
    expect(next.asset).toMatchObject({ status: "pending", origin: "generated", rowVersion: 1 });
    expect(next.version).toEqual({ id: next.asset.currentVersionId, number: 1, status: "pending", hasMedia: false });
    expect(next.job?.versionId).toBe(next.version.id);
    expect(next.hold).toEqual({ state: "held", amount: 6 });
    expect(ledger?.jobId).toBe(next.job?.id);
    expect(record).toMatchObject({ event: "create", from: null, to: "pending", jobFrom: null, jobTo: "pending" });
  });

  it("[A1] an upload is born completed, without job or hold", () => {
    const { next, ledger } = taken(null, "upload");
    expect(next).toMatchObject({ asset: { status: "completed", origin: "uploaded" }, job: null, hold: null });
    expect(ledger).toBeNull();
    for (const step of ["retry", "regenerate", "recover"] as const) expect(refusal(next, step)).not.toBeNull();
  });

  it("[A2] asset, version and job go together", () => {
    for (const [path, status] of [
      [["create"], "pending"],
      [["create", "claim"], "processing"],
      [["create", "claim", "fail_retryable"], "pending"],
      [["create", "claim", "complete"], "completed"],
      [["create", "claim", "fail_final"], "failed"],
      [["create", "cancel"], "cancelled"],
    ] as const) {
      const rows = after(...path);
      expect([rows.asset.status, rows.version.status, jobOf(rows).status]).toEqual([status, status, status]);
    }
  });

  it("[A2] rows that contradict each other are a bug, and thrown", () => {
    const rows = after("create", "claim");
    const broken = { ...rows, asset: { ...rows.asset, status: "failed" as const } };
    expect(() => advance(broken, { type: "hand_back", at: SAMPLE_START, attempt: 1 })).toThrow("contradict");
    expect(() =>
      advance({ ...rows, hold: null }, { type: "complete", at: SAMPLE_START, attempt: 1, media: sampleMedia() }),
    ).toThrow("missing");
  });

  it("[A3] a version made over a completed one becomes current only by completing", () => {
    const [first, second] = ["version-1", "version-2"];
    expect(after(...COMPLETED, "regenerate").asset.currentVersionId).toBe(first);
    expect(after(...COMPLETED, "regenerate", "claim").asset.currentVersionId).toBe(first);
    expect(after(...COMPLETED, "regenerate", "claim", "fail_final").asset.currentVersionId).toBe(first);
    expect(after(...COMPLETED, "regenerate", "claim", "complete").asset.currentVersionId).toBe(second);
  });

  it("[A3] a version made over a failed or cancelled one is current at once, and the asset pending", () => {
    for (const path of [
      ["create", "claim", "fail_final"],
      ["create", "cancel"],
    ] as const) {
      const rows = after(...path, "regenerate");
      expect(rows.asset).toMatchObject({
        status: "pending",
        currentVersionId: "version-2",
        errorCode: null,
        errorMessage: null,
      });
    }
  });

  it("[A3] a new version has a new id and a higher number", () => {
    const rows = after(...COMPLETED);
    const start = (versionId: string, versionNumber: number): StartEvent => ({
      type: "regenerate",
      at: SAMPLE_START,
      versionId: versionId as VersionId,
      versionNumber,
      job: sampleNewJob({ id: "job-2" as JobId }),
    });
    expect(advance(rows, start("version-1", 2))).toEqual({ ok: false, why: "illegal" });
    expect(advance(rows, start("version-2", 1))).toEqual({ ok: false, why: "illegal" });
    expect(advance(rows, start("version-2", 2)).ok).toBe(true);
  });

  it("[A4] failed keeps code and message on the asset's own row, also when its job is purged", () => {
    const failed = after("create", "claim", "fail_final");
    const error = { errorCode: "content_policy_input", errorMessage: "It failed: content_policy_input." };
    expect(failed.asset).toMatchObject({ status: "failed", ...error });
    const purged = { ...failed, job: null, hold: null };
    expect(purged.asset).toMatchObject(error);
    expect(refusal(purged, "cancel")).toBe("already_ended");
    expect(refusal(purged, "retry")).toBeNull();
  });

  it("[A4] trying again clears what went wrong", () => {
    expect(after("create", "claim", "fail_final", "retry").asset).toMatchObject({
      status: "pending",
      errorCode: null,
      errorMessage: null,
    });
  });

  it.each([
    ["no bytes", { bytes: 0 }],
    ["half a byte", { bytes: 0.5 }],
    ["no hash", { sha256: "" }],
    ["a hash in capitals", { sha256: "A".repeat(64) }],
    ["no width", { width: 0 }],
    ["no height", { height: 0 }],
    ["no poster", { hasPoster: false }],
    ["no thumbnail", { hasThumb: false }],
    ["a video without length", { kind: "video", durationMs: null }],
    ["a video of no length", { kind: "video", durationMs: durationMs(0) }],
  ] as const satisfies readonly (readonly [string, Partial<MediaFacts>])[])(
    "[A5] media with %s does not complete a version",
    (_what, change) => {
      expect(mediaIsValid(sampleMedia(change))).toBe(false);
      const rows = after("create", "claim");
      const event = { type: "complete", at: SAMPLE_START, attempt: 1, media: sampleMedia(change) } as const;
      expect(advance(rows, event)).toEqual({ ok: false, why: "media_invalid" });
    },
  );

  it("[A5] whole media completes a version", () => {
    expect(mediaIsValid(sampleMedia())).toBe(true);
    expect(mediaIsValid(sampleMedia({ kind: "video", durationMs: durationMs(1) }))).toBe(true);
    expect(after(...COMPLETED).version.hasMedia).toBe(true);
  });

  it.each(["fail_final", "expire_job", "cancel"] as const)(
    "[A6] a new version that ends by %s leaves the old one standing",
    (step) => {
      const before = after(...COMPLETED);
      const rows = after(
        ...COMPLETED,
        "regenerate",
        "claim",
        step,
        ...(step === "cancel" ? (["settle"] as const) : []),
      );
      expect(rows.asset).toMatchObject({
        status: "completed",
        currentVersionId: before.asset.currentVersionId,
        errorCode: null,
      });
      expect(["failed", "cancelled"]).toContain(rows.version.status);
    },
  );

  it("[A6] retry tries that version again, beside the old one", () => {
    const rows = after(...COMPLETED, "regenerate", "claim", "fail_final", "retry");
    expect(rows.asset).toMatchObject({ status: "completed", currentVersionId: "version-1" });
    expect(rows.version).toMatchObject({ id: "version-2", status: "pending" });
    expect(
      after(...COMPLETED, "regenerate", "claim", "fail_final", "retry", "claim", "complete").asset.currentVersionId,
    ).toBe("version-2");
  });

  it("[A7] a job waits for its inputs, and is refused when one fails", () => {
    expect(jobOf(after("create_waiting", "ready")).phase).toBe("queued");
    expect(after("create_waiting", "reject").asset).toMatchObject({ status: "failed", errorCode: "input_not_ready" });
    expect(after("create", "reject").asset.status).toBe("failed");
    expect(refusal(after("create", "claim"), "reject")).toBe("illegal");
  });

  it("[A8] deleting marks the asset and ends a job with nothing alive, hold and all", () => {
    const { next, ledger, record } = taken(after("create"), "delete");
    expect(next.asset.deletedAt).not.toBeNull();
    expect(next.job?.status).toBe("cancelled");
    expect(next.hold?.state).toBe("released");
    expect(ledger).toMatchObject({ kind: "release", held: -6 });
    expect(record).toMatchObject({ event: "delete", from: "pending", to: "cancelled" });
  });

  it("[A8] deleting wishes a running job cancelled, and the hold ends with the job", () => {
    const rows = after("create", "claim", "delete");
    expect(jobOf(rows)).toMatchObject({ status: "processing" });
    expect(jobOf(rows).cancelRequestedAt).not.toBeNull();
    expect(rows.hold?.state).toBe("held");
    const settled = after("create", "claim", "delete", "settle");
    expect(settled).toMatchObject({ asset: { status: "cancelled" }, hold: { state: "released" } });
    expect(settled.asset.deletedAt).not.toBeNull();
  });

  it("[A8] a deleted asset takes no person's wish any more", () => {
    for (const path of [["create"], ["create", "claim"], COMPLETED, ["upload"]] as const) {
      const gone = after(...path, "delete");
      for (const step of ["delete", "cancel", "retry", "regenerate", "recover"] as const)
        expect(refusal(gone, step)).toBe("deleted");
    }
  });

  it("[A9] every visible change raises row_version, progress does not", () => {
    const making = after("create", "claim");
    expect(making.asset.rowVersion).toBe(2);
    expect(
      afterwards(making, { type: "progress", at: SAMPLE_START, attempt: 1, phase: "storing", fraction: 0.9 }).asset
        .rowVersion,
    ).toBe(2);
    expect(after("create", "claim", "cancel").asset.rowVersion).toBe(3);
    expect(after(...COMPLETED, "regenerate", "claim").asset.rowVersion).toBe(5);
    expect(after(...COMPLETED, "delete").asset.rowVersion).toBe(4);
  });
});
