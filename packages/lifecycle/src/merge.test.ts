import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNewer, mergeAsset } from "./mergeAsset.ts";
import { mergeProgress } from "./mergeProgress.ts";
import { after } from "./oracle/played.ts";
import { applyStep } from "./testing/applyStep.ts";
import { takenSteps } from "./testing/arbitraries.ts";
import { sampleAsset } from "./testing/sampleAsset.ts";
import { durationMs } from "./units.ts";
import type { Asset, LiveJob } from "./asset.ts";
import type { ProgressReport } from "./mergeProgress.ts";
import type { AssetRows } from "./rows.ts";
import type { AssetId } from "./units.ts";
import type { Step } from "./testing/steps.ts";

/** Every answer that a server gave about an asset along its life. */
function answersAlong(steps: readonly Step[]): readonly Asset[] {
  let rows: AssetRows | null = null;
  return steps.flatMap((step) => {
    rows = applyStep(rows, step).rows;
    return rows === null ? [] : [sampleAsset(rows)];
  });
}

/** A selection of these in any order, some more than once; the last one is among them. */
function onTheWay<T>(news: readonly T[]): fc.Arbitrary<readonly T[]> {
  const last = news.at(-1) as T;
  return fc
    .tuple(fc.array(fc.constantFrom(...news), { maxLength: 30 }), fc.nat())
    .map(([heard, place]) => heard.toSpliced(place % (heard.length + 1), 0, last));
}

const lives = takenSteps({ maxLength: 30 })
  .map(answersAlong)
  .filter((answers) => answers.length > 0);

/** Without what is only ever heard last: the place in line, and whether a submission is open. */
function settled(asset: Asset | null): Asset | null {
  if (asset === null || asset.liveJob === null) return asset;
  return { ...asset, liveJob: { ...asset.liveJob, queuePosition: null, startsIn: null, openSubmission: false } };
}

describe("merging by row version", () => {
  it("[E5] doubled, dropped, reordered and late answers end in the newest", () => {
    fc.assert(
      fc.property(
        lives.chain((answers) => fc.tuple(fc.constant(answers), onTheWay(answers))),
        ([answers, heard]) => {
          const merged = heard.reduce<Asset | null>((current, incoming) => mergeAsset(current, incoming), null);
          expect(settled(merged)).toEqual(settled(answers.at(-1) as Asset));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("[E5] heard in order, with some dropped and some doubled, nothing at all is missing in the end", () => {
    fc.assert(
      fc.property(
        lives.chain((answers) => fc.tuple(fc.constant(answers), fc.array(fc.nat({ max: 2 })))),
        ([answers, times]) => {
          const heard = answers.flatMap((answer, index) => Array.from({ length: times[index] ?? 1 }, () => answer));
          const merged = [...heard, answers.at(-1) as Asset].reduce<Asset | null>(
            (current, incoming) => mergeAsset(current, incoming),
            null,
          );
          expect(merged).toEqual(answers.at(-1));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("[E5] what is known is never replaced by something older, and nothing new changes nothing", () => {
    fc.assert(
      fc.property(
        lives.chain((answers) => fc.tuple(fc.constantFrom(...answers), fc.constantFrom(...answers))),
        ([one, other]) => {
          const merged = mergeAsset(one, other);
          expect(merged.rowVersion).toBe(Math.max(one.rowVersion, other.rowVersion));
          expect(settled(mergeAsset(merged, one))).toEqual(settled(merged));
          expect(mergeAsset(merged, other)).toBe(merged);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("[E5] the order of two answers does not matter", () => {
    fc.assert(
      fc.property(
        lives.chain((answers) => fc.tuple(fc.constantFrom(...answers), fc.constantFrom(...answers))),
        ([one, other]) => {
          expect(settled(mergeAsset(one, other))).toEqual(settled(mergeAsset(other, one)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("[E5] two assets are never mixed", () => {
    const asset = sampleAsset(after("create"));
    expect(() => mergeAsset(asset, { ...asset, id: "asset-2" as AssetId })).toThrow("cannot be merged");
    expect(isNewer(null, asset)).toBe(true);
    expect(isNewer(asset, asset)).toBe(false);
  });

  it("[E5] [A7] what a job waits for only becomes less, in whatever order it is heard", () => {
    const asset = sampleAsset(after("create"));
    const waitingFor = ["asset-2", "asset-3"].map((id) => ({ assetId: id as AssetId, name: id }));
    const at = (from: number) => ({
      ...asset,
      liveJob: { ...(asset.liveJob as LiveJob), waitingFor: waitingFor.slice(from) },
    });
    expect(mergeAsset(at(0), at(1))).toEqual(at(1));
    expect(mergeAsset(at(1), at(0))).toEqual(at(1));
  });

  it.each([
    { queuePosition: 7 },
    { startsIn: { low: durationMs(0), high: durationMs(9_000) } },
    { openSubmission: true },
  ])("[E5] of the same row version %o is the latest heard", (latest) => {
    const asset = sampleAsset(after("create"));
    const moved = { ...asset, liveJob: { ...(asset.liveJob as LiveJob), ...latest } };
    expect(mergeAsset(asset, moved)).toEqual(moved);
    expect(mergeAsset(moved, moved)).toBe(moved);
  });
});

describe("merging what is said of a model", () => {
  it.each(["create", "fail_final"] as const)(
    "[E5] [A9] [U6] of the same row version after %s, whether its model is offered is what was heard last",
    (step) => {
      const there = sampleAsset(step === "create" ? after("create") : after("create", "claim", step));
      const gone: Asset = { ...there, currentVersion: { ...there.currentVersion, modelGone: true } };
      expect(mergeAsset(there, gone)).toEqual(gone);
      expect(mergeAsset(gone, there)).toEqual(there);
      expect(mergeAsset(gone, there).currentVersion).not.toHaveProperty("modelGone");
      expect(mergeAsset(gone, { ...gone })).toBe(gone);
      const newer = { ...there, rowVersion: there.rowVersion + 1 };
      expect(mergeAsset(newer, gone)).toBe(newer);
      expect(mergeAsset(gone, newer)).toEqual(newer);
    },
  );
});

const making = sampleAsset(after("create", "claim", "progress_at_provider"));

function report(change: Partial<ProgressReport> & { readonly fraction?: number | null } = {}): ProgressReport {
  const { fraction = 0.5, ...rest } = change;
  const kind = fraction === null ? "unknown" : "measured";
  return {
    jobId: (making.liveJob as LiveJob).id,
    attempt: 1,
    phase: "at_provider",
    progress: { kind, fraction, low: null, high: null },
    ...rest,
  };
}

describe("merging progress", () => {
  it("[E4] progress of the live attempt that is ahead is shown", () => {
    expect(mergeProgress(making, report()).liveJob?.progress.fraction).toBe(0.5);
    expect(mergeProgress(making, report({ phase: "storing", fraction: 0.9 })).liveJob).toMatchObject({
      phase: "storing",
      progress: { fraction: 0.9 },
    });
    expect(mergeProgress(making, report()).rowVersion).toBe(making.rowVersion);
  });

  it.each([
    ["another job's", report({ jobId: "job-2" as ProgressReport["jobId"] })],
    ["an attempt's before", report({ attempt: 0 })],
    ["an attempt's to come", report({ attempt: 2 })],
    ["of a phase that is over", report({ phase: "submitting", fraction: 0.9 })],
    ["of a phase of waiting", report({ phase: "queued", fraction: 0.9 })],
    ["of less than is shown", report({ fraction: 0.2 })],
    ["without the number that is shown", report({ fraction: null })],
    ["the same again", report({ fraction: 0.25 })],
  ])("[E4] progress that is %s changes nothing, not even the object", (_what, late) => {
    expect(mergeProgress(making, late)).toBe(making);
  });

  it("[E4] progress that comes after the end changes nothing", () => {
    const done = sampleAsset(after("create", "claim", "complete"));
    expect(mergeProgress(done, report())).toBe(done);
    const waiting = sampleAsset(after("create", "claim", "hand_back"));
    expect(mergeProgress(waiting, report())).toBe(waiting);
  });

  it("[E4] in whatever order reports come, the furthest is shown", () => {
    const reports = fc.array(
      fc.tuple(fc.constantFrom("at_provider", "fetching", "storing"), fc.integer({ min: 25, max: 100 })),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(reports, (heard) => {
        let [asset, shown] = [making, 0.25];
        for (const [phase, percent] of heard) {
          asset = mergeProgress(asset, report({ phase, fraction: percent / 100 }));
          const fraction = asset.liveJob?.progress.fraction ?? 0;
          expect(fraction).toBeGreaterThanOrEqual(shown);
          shown = fraction;
        }
      }),
    );
  });

  it("[E4] an answer read before the last progress does not take it back", () => {
    const ahead = mergeProgress(making, report({ phase: "storing", fraction: 0.9 }));
    const wished = {
      ...making,
      rowVersion: making.rowVersion + 1,
      liveJob: { ...(making.liveJob as LiveJob), cancelRequested: true },
    };
    expect(mergeAsset(ahead, wished).liveJob).toMatchObject({
      cancelRequested: true,
      phase: "storing",
      progress: { fraction: 0.9 },
    });
  });
});
