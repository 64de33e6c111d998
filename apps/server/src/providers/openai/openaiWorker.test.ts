import { durationMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "../../testing/openTestStudio.ts";
import { openOpenaiAgainst } from "../../testing/protocols/openai/openOpenaiAgainst.ts";
import { OPENAI_TEST_KEY } from "../../testing/protocols/openai/openOpenaiServer.ts";
import type { CreateInput } from "@reelstate/api";
import type { TestStudio } from "../../testing/openTestStudio.ts";
import type { OpenaiPlan } from "../../testing/protocols/openai/openOpenaiServer.ts";
import type { Provider } from "../Provider.ts";

const SUBMISSIONS = "SELECT state, outcome, provider_ref AS providerRef FROM submission";

/** A studio with an OpenAI-style service for its only provider, on the folder that its pictures are kept in. */
async function opened(plan: () => OpenaiPlan = () => ({})) {
  const openai = await openOpenaiAgainst({ plan });
  const studio = (change: Partial<Provider> = {}): Promise<TestStudio> =>
    openTestStudio({
      folder: openai.folder,
      wrapProvider: () => ({ ...openai.provider, pollMs: durationMs(10), close: async () => {}, ...change }),
    });
  return { server: openai.server, studio, [Symbol.asyncDispose]: () => openai[Symbol.asyncDispose]() };
}

async function create(studio: TestStudio, input: Partial<CreateInput>) {
  const [asset] = (await studio.api.assets.create({ type: "image", prompt: "fog", ...input })).assets;
  if (asset === undefined) throw new Error("Nothing was created.");
  return asset;
}

/** Says nothing for as long as anyone listens. */
function untilStopped(_submission: unknown, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("Nobody listens.")), { once: true });
  });
}

const PICTURE = { type: "image", model: "openai/gpt-image-2.6-flare" } as const;
const VIDEO = { type: "video", model: "openai/sora-2" } as const;

describe("a studio with an OpenAI-style service", () => {
  it.each<[Partial<CreateInput>, OpenaiPlan, string, number]>([
    [PICTURE, {}, "generate", 6],
    [PICTURE, { picture: "url" }, "generate", 6],
    [VIDEO, {}, "create", 40],
  ])("makes %o (%o) with one billed call, and charges what it quoted", async (input, plan, step, charged) => {
    await using at = await opened(() => plan);
    await using studio = await at.studio();
    studio.startWorker();
    const asset = await studio.ended((await create(studio, input)).id);
    expect(asset).toMatchObject({ status: "completed", lastJob: { charged } });
    expect(asset.currentVersion.media?.width).toBeGreaterThan(0);
    expect(at.server.calls.filter((call) => call.step === step)).toHaveLength(1);
    expect(JSON.stringify([studio.lines, studio.rows("SELECT * FROM submission")])).not.toContain(OPENAI_TEST_KEY);
  });

  it("[P1] [P6] goes on with a picture that a killed studio had been given, and has none drawn again", async () => {
    await using at = await opened();
    // It dies between what the service answered and what it would do with it.
    await using first = await at.studio({ status: untilStopped });
    const killed = first.startWorker();
    const { id } = await create(first, PICTURE);
    await first.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await using second = await at.studio();
    await second.store.takeBackPredecessors();
    second.startWorker();
    expect(await second.ended(id)).toMatchObject({ status: "completed" });
    expect(at.server.calls.map(({ step }) => step)).toEqual(["generate"]);
    await killed.drain(0);
  });

  it("[P1] [P7] follows a video that a killed studio had asked for, and does not ask for it again", async () => {
    let plan: OpenaiPlan = { stays: "in_progress" };
    await using at = await opened(() => plan);
    await using first = await at.studio();
    const killed = first.startWorker();
    const { id } = await create(first, VIDEO);
    await first.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await using second = await at.studio();
    await second.store.takeBackPredecessors();
    second.startWorker();
    await second.until(id, ({ liveJob }) => liveJob?.attempt === 2 && liveJob.phase === "at_provider");
    plan = {};
    expect(await second.ended(id)).toMatchObject({ status: "completed" });
    expect(at.server.calls.filter(({ step }) => step === "create")).toHaveLength(1);
    await killed.drain(0);
  });

  it("[P2] leaves a picture whose answer was lost to a person, who is told that it may cost twice", async () => {
    await using at = await opened();
    at.server.fault({ step: "generate", reply: "lost" });
    await using studio = await at.studio();
    studio.startWorker();
    const asset = await studio.ended((await create(studio, PICTURE)).id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "unconfirmed_submit", lastJob: { recoverable: false } });
    expect(at.server.calls).toHaveLength(1);
  });

  it("[J5] does not ask again for what the rules refuse, nor where the purse is empty", async () => {
    await using at = await opened();
    await using studio = await at.studio();
    studio.startWorker();
    for (const [status, code, errorCode] of [
      [400, "moderation_blocked", "content_policy_input"],
      [429, "insufficient_quota", "provider_quota"],
    ] as const) {
      at.server.fault({ step: "generate", answer: { status, body: { error: { code, message: "No." } } } });
      const asset = await studio.ended((await create(studio, PICTURE)).id);
      expect(asset).toMatchObject({ status: "failed", errorCode, lastJob: { charged: 0 } });
    }
    expect(at.server.calls).toHaveLength(2);
  });

  it("[P1] ends a picture that was blocked once it was made as a request that failed", async () => {
    await using at = await opened();
    const error = { code: "moderation_blocked", message: "No.", moderation_details: { moderation_stage: "output" } };
    at.server.fault({ step: "generate", answer: { status: 400, body: { error } } });
    await using studio = await at.studio();
    studio.startWorker();
    const asset = await studio.ended((await create(studio, PICTURE)).id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "content_policy_output", lastJob: { charged: 0 } });
    expect(studio.rows(SUBMISSIONS)).toMatchObject([{ state: "ended", outcome: "failed" }]);
    expect(at.server.calls).toHaveLength(1);
  });

  it("[P3] fetches a video's file again that broke off, and does not buy another", async () => {
    await using at = await opened();
    at.server.fault({ step: "content", reply: "reset" });
    await using studio = await at.studio();
    studio.startWorker();
    expect(await studio.ended((await create(studio, VIDEO)).id)).toMatchObject({ status: "completed" });
    const steps = at.server.calls.map(({ step }) => step);
    expect(steps.filter((step) => step === "create" || step === "content")).toEqual(["create", "content", "content"]);
  });
});
