import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openFal } from "../../testing/protocols/fal/openFal.ts";
import { FAL_TEST_KEY, openFalServer } from "../../testing/protocols/fal/openFalServer.ts";
import { openTestStudio } from "../../testing/openTestStudio.ts";
import type { FalPlan, FalServer } from "../../testing/protocols/fal/openFalServer.ts";
import type { TestStudio } from "../../testing/openTestStudio.ts";

const PICTURE = { type: "image", model: "fal/flux-schnell", params: { aspectRatio: "16:9" } } as const;

/** A studio whose provider is the adapter, reading more often than it would. */
function studioAt(server: FalServer, folder?: string): Promise<TestStudio> {
  return openTestStudio({
    wrapProvider: () => ({ ...openFal(server), pollMs: durationMs(10) }),
    ...(folder === undefined ? {} : { folder }),
  });
}

/** A server and a studio with a worker. */
async function opened(plan: FalPlan | (() => FalPlan) = {}) {
  const server = await openFalServer(typeof plan === "function" ? plan : () => plan);
  const studio = await studioAt(server);
  studio.startWorker();
  return {
    server,
    studio,
    create: () => studio.create({}, PICTURE),
    submits: () => server.calls.filter(({ step }) => step === "submit").length,
    async [Symbol.asyncDispose]() {
      await studio[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const TABLES = ["job", "submission", "event", "version", "asset"];

describe("a studio that works at fal", () => {
  it("[J4] [A5] makes a picture, and a clip that begins with it; the key is written nowhere", async () => {
    await using at = await opened();
    const picture = await at.studio.ended((await at.create()).id);
    expect(picture).toMatchObject({ status: "completed", currentVersion: { media: { mime: "image/png" } } });
    const { id } = await at.studio.create(
      {},
      { type: "video", model: "fal/veo-3.1-fast", params: { durationMs: 4_000 }, inputs: [picture.id] },
    );
    const clip = await at.studio.ended(id);
    expect(clip.status).toBe("completed");
    expect(clip.currentVersion?.media).toMatchObject({ mime: "video/mp4", durationMs: 4_000 });
    expect(at.server.accepted.map(({ endpoint }) => endpoint)).toEqual([
      "fal-ai/flux/schnell",
      "fal-ai/veo3.1/fast/image-to-video",
    ]);
    expect(JSON.stringify(at.studio.lines)).not.toContain(FAL_TEST_KEY);
    for (const table of TABLES)
      expect(JSON.stringify(at.studio.rows(`SELECT * FROM ${table}`))).not.toContain(FAL_TEST_KEY);
  });

  it("[P1] [P7] is taken up by the next process where it was: followed, not submitted again", async () => {
    const plan: { stays?: "IN_PROGRESS" } = { stays: "IN_PROGRESS" };
    await using server = await openFalServer(() => plan);
    await using first = await studioAt(server);
    const worker = first.startWorker();
    const { id } = await first.create({}, PICTURE);
    await first.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await using second = await studioAt(server, first.folder);
    expect((await second.store.takeBackPredecessors()).lost).toBe(1);
    second.startWorker();
    await second.until(id, ({ liveJob }) => liveJob?.attempt === 2 && liveJob.phase === "at_provider");
    delete plan.stays;
    const asset = await second.ended(id);
    await worker.drain(0);
    expect(asset.status).toBe("completed");
    expect(server.calls.filter(({ step }) => step === "submit")).toHaveLength(1);
    expect(second.rows("SELECT provider_ref AS ref FROM submission")).toEqual([
      { ref: `fal-ai/flux/requests/${server.accepted[0]?.id}` },
    ]);
  });

  it("[P1] [P3] fetches again what came mislabelled or cut short, without submitting again", async () => {
    await using at = await opened();
    at.server.fault({ step: "poll", answer: { status: 502 } });
    at.server.fault({ step: "result", answer: { status: 503 } });
    at.server.fault({ step: "file", label: "text/html" });
    at.server.fault({ step: "file", reply: "truncated" });
    const asset = await at.studio.ended((await at.create()).id);
    expect(asset.status).toBe("completed");
    expect(at.submits()).toBe(1);
  });

  it("[P3] [P6] waits for a file that is late, and offers no recovery of one that is gone", async () => {
    await using at = await opened();
    at.server.fault({ step: "file", answer: { status: 404 } });
    expect((await at.studio.ended((await at.create()).id)).status).toBe("completed");
    at.server.fault({ step: "file", times: 2, answer: { status: 404 } });
    const gone = await at.studio.ended((await at.create()).id);
    expect(gone).toMatchObject({
      status: "failed",
      errorCode: "provider_unavailable",
      lastJob: { recoverable: false, charged: 0 },
    });
    expect(at.studio.rows("SELECT DISTINCT state FROM submission")).toEqual([{ state: "ended" }]);
    expect(at.submits()).toBe(2);
  });

  it("[J5] ends a request that the rules do not allow at once, and gives the credits back", async () => {
    const detail = [{ loc: ["body", "prompt"], msg: "Flagged.", type: "content_policy_violation" }];
    await using at = await opened({ failure: { status: 422, body: { detail }, error: "Unprocessable Entity" } });
    const asset = await at.studio.ended((await at.create()).id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "content_policy_input", lastJob: { charged: 0 } });
    expect(at.submits()).toBe(1);
  });

  it("[P2] does not ask a second time when the reply to a submit is lost: fal could not tell the two apart", async () => {
    await using at = await opened();
    at.server.fault({ step: "submit", reply: "lost" });
    const asset = await at.studio.ended((await at.create()).id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "unconfirmed_submit" });
    expect([at.submits(), at.server.accepted.length]).toEqual([1, 1]);
  });

  it("[J7] cancels what waits in fal's queue, and ends as fal says that it did", async () => {
    await using at = await opened({ stays: "IN_QUEUE" });
    const { id } = await at.create();
    await at.studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await at.studio.api.assets.cancel({ id });
    expect((await at.studio.ended(id)).status).toBe("cancelled");
    expect(at.server.calls.filter(({ step }) => step === "cancel")).toHaveLength(1);
  });

  it("[P6] [J5] does not buy again by itself what somebody stops at fal's own dashboard", async () => {
    await using at = await opened({ stays: "IN_PROGRESS" });
    const { id } = await at.create();
    await at.studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    const cancel = new URL(`/fal-ai/flux/requests/${at.server.accepted[0]?.id}/cancel`, at.server.url);
    await fetch(cancel, { method: "PUT", headers: { authorization: `Key ${FAL_TEST_KEY}` } });
    expect(await at.studio.ended(id)).toMatchObject({
      status: "failed",
      errorCode: "provider_unavailable",
      lastJob: { recoverable: false, charged: 0 },
    });
    expect(at.submits()).toBe(1);
  });

  it("[P6] [J5] tries again what broke for free, and not what may have been charged", async () => {
    const broke = (status: number, type: string): FalPlan => ({
      failure: { status, body: { detail: [{ loc: [], msg: "", type }] }, error: "It broke." },
    });
    await using paid = await opened(broke(400, "downstream_service_error"));
    const asset = await paid.studio.ended((await paid.create()).id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "provider_unavailable" });
    expect(asset.errorMessage).toMatch(/may have been charged/);
    expect(paid.submits()).toBe(1);
    const plans = [broke(500, "internal_server_error")];
    await using free = await opened(() => plans.pop() ?? {});
    expect(await free.studio.ended((await free.create()).id)).toMatchObject({ status: "completed" });
    expect(free.submits()).toBe(2);
  });
});
