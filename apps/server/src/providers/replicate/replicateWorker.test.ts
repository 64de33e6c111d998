import { describe, expect, it } from "vitest";
import { openTestStudio } from "../../testing/openTestStudio.ts";
import { openReplicate } from "../../testing/protocols/replicate/openReplicate.ts";
import { REPLICATE_TOKEN } from "../../testing/protocols/replicate/openReplicateServer.ts";
import type { CreateInput } from "@reelstate/api";
import type { Fault } from "../../testing/protocols/openProtocolServer.ts";
import type { Course } from "../../testing/protocols/replicate/ServedPrediction.ts";

const HOUR_MS = 3_600_000;
const PICTURE: CreateInput = { type: "image", model: "replicate/flux-schnell", prompt: "A lighthouse in fog" };
const CLIP: CreateInput = {
  ...PICTURE,
  type: "video",
  model: "replicate/seedance-1.5-pro",
  params: { durationMs: 2_000 },
};

/** A studio whose only provider is Replicate, polled without its usual patience. */
async function opened(course: Course = {}) {
  const replicate = await openReplicate();
  const studio = await openTestStudio({ wrapProvider: () => ({ ...replicate.provider, pollMs: 20 as never }) });
  replicate.server.follow(course);
  return {
    ...replicate,
    studio,
    create: async (input: CreateInput) => {
      const [asset] = (await studio.api.assets.create(input)).assets;
      if (asset === undefined) throw new Error("Nothing was created.");
      return asset;
    },
    asked: (step: string) => replicate.server.calls.filter((call) => call.step === step).length,
    submissions: () => studio.rows<{ state: string }>("SELECT state FROM submission").map(({ state }) => state),
    async [Symbol.asyncDispose]() {
      await studio[Symbol.asyncDispose]();
      await replicate[Symbol.asyncDispose]();
    },
  };
}

describe("the studio's worker with Replicate", () => {
  it.each([
    ["a picture", PICTURE, { width: 128 }],
    ["a clip", CLIP, { durationMs: 2_000 }],
  ] as const)("[A5] completes %s with its media, and takes what was quoted", async (_what, input, media) => {
    await using at = await opened({ startMs: 30, runMs: 60 });
    at.studio.startWorker();
    const { id, liveJob } = await at.create(input);
    const ended = await at.studio.ended(id);
    expect(ended).toMatchObject({ status: "completed", currentVersion: { media } });
    expect(ended.lastJob?.charged).toBe(liveJob?.quote);
    expect([at.asked("submit"), at.submissions()]).toEqual([1, ["ended"]]);
  });

  it("[P1] follows what an earlier attempt submitted, and does not submit it again", async () => {
    await using at = await opened({ runMs: HOUR_MS / 60 });
    const first = at.studio.startWorker();
    const { id } = await at.create(PICTURE);
    await at.studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await first.drain(0);
    expect([at.asked("submit"), at.submissions()]).toEqual([1, ["open"]]);
    at.server.pass(HOUR_MS / 60);
    at.studio.startWorker();
    expect(await at.studio.ended(id)).toMatchObject({ status: "completed" });
    expect(at.asked("submit")).toBe(1);
  });

  it("[P2] does not ask twice when the reply to a submit is lost, and leaves the second purchase to a person", async () => {
    await using at = await opened();
    at.server.fault({ step: "submit", reply: "lost" });
    at.studio.startWorker();
    const { id } = await at.create(PICTURE);
    expect(await at.studio.ended(id)).toMatchObject({
      status: "failed",
      errorCode: "unconfirmed_submit",
      lastJob: { recoverable: false },
    });
    expect([at.asked("submit"), at.server.predictions.length]).toEqual([1, 1]);
  });

  it.each([
    ["a truncated file and a broken one", [{ reply: "truncated" }, { reply: "reset" }]],
    ["a page of text and an error", [{ label: "text/html" }, { answer: { status: 503 } }]],
  ] satisfies readonly (readonly [string, readonly Omit<Fault, "step">[]])[])(
    "[P3] fetches again after %s, without paying again",
    async (_what, faults) => {
      await using at = await opened();
      for (const fault of faults) at.server.fault({ step: "file", ...fault });
      at.studio.startWorker();
      const { id } = await at.create(PICTURE);
      expect(await at.studio.ended(id)).toMatchObject({ status: "completed" });
      expect([at.asked("submit"), at.asked("file")]).toEqual([1, 3]);
    },
  );

  it("[J7] cancels at Replicate, and ends as Replicate says", async () => {
    await using at = await opened({ runMs: HOUR_MS });
    at.studio.startWorker();
    const { id } = await at.create(CLIP);
    await at.studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await at.studio.api.assets.cancel({ id });
    expect(await at.studio.ended(id)).toMatchObject({ status: "cancelled", lastJob: { charged: 0 } });
    expect([at.asked("submit"), at.asked("cancel"), at.submissions()]).toEqual([1, 1, ["ended"]]);
  });

  it.each([
    ["while it waits", { startMs: HOUR_MS }],
    ["while it runs", { runMs: HOUR_MS }],
  ])("[P6] [J5] does not buy again by itself what somebody stops at Replicate's own site %s", async (_when, course) => {
    await using at = await opened(course);
    at.studio.startWorker();
    const { id } = await at.create(CLIP);
    await at.studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    const cancel = new URL(`/v1/predictions/${at.server.predictions[0]?.id}/cancel`, at.server.url);
    await fetch(cancel, { method: "POST", headers: { authorization: `Bearer ${REPLICATE_TOKEN}` } });
    expect(await at.studio.ended(id)).toMatchObject({
      status: "failed",
      errorCode: "provider_unavailable",
      lastJob: { recoverable: false, charged: 0 },
    });
    expect([at.asked("submit"), at.submissions()]).toEqual([1, ["ended"]]);
  });

  it("[P6] [J10] does not buy again by itself what ran out of its time at Replicate, and does what never began there", async () => {
    await using at = await opened({ runMs: HOUR_MS });
    at.studio.startWorker();
    const ran = await at.create(CLIP);
    await at.studio.until(ran.id, ({ liveJob }) => liveJob?.phase === "at_provider");
    at.server.pass(HOUR_MS / 2);
    expect(await at.studio.ended(ran.id)).toMatchObject({ status: "failed", errorCode: "timeout" });
    expect(at.asked("submit")).toBe(1);
    at.server.follow({ startMs: HOUR_MS });
    const waited = await at.create(PICTURE);
    await at.studio.until(waited.id, ({ liveJob }) => liveJob?.phase === "at_provider");
    at.server.follow({});
    at.server.pass(HOUR_MS / 2);
    expect(await at.studio.ended(waited.id)).toMatchObject({ status: "completed" });
    expect(at.asked("submit")).toBe(3);
  });

  it("[P6] ends for good what was made and deleted while the studio was away, and buys no other by itself", async () => {
    await using at = await opened({ runMs: HOUR_MS / 60 });
    const first = at.studio.startWorker();
    const { id } = await at.create(PICTURE);
    await at.studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await first.drain(0);
    at.server.pass(2 * HOUR_MS);
    at.studio.startWorker();
    const ended = await at.studio.ended(id);
    expect(ended).toMatchObject({ status: "failed", lastJob: { recoverable: false, charged: 0 } });
    expect(ended.errorMessage).toMatch(/deletes results after an hour/);
    expect([at.asked("submit"), at.submissions()]).toEqual([1, ["ended"]]);
  });

  it("keeps the key out of every line and every row, even where Replicate repeats it", async () => {
    await using at = await opened({ error: `Not allowed with ${REPLICATE_TOKEN}` });
    at.server.fault({ step: "poll", answer: { status: 500, body: { detail: REPLICATE_TOKEN } } });
    at.studio.startWorker();
    const { id } = await at.create(PICTURE);
    expect(await at.studio.ended(id)).toMatchObject({ status: "failed" });
    const tables = at.studio.rows<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
    const kept = tables.map(({ name }) => at.studio.rows(`SELECT * FROM "${name}"`));
    expect(JSON.stringify([kept, at.studio.lines])).not.toContain(REPLICATE_TOKEN);
    expect(JSON.stringify(kept)).toContain("[secret]");
  });
});
