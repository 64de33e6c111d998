import { describe, expect, it } from "vitest";
import { openOpenaiAgainst } from "../../testing/protocols/openai/openOpenaiAgainst.ts";
import { OPENAI_TEST_KEY } from "../../testing/protocols/openai/openOpenaiServer.ts";
import { create, openStudios, replyStudioContract, submissionsIn } from "../../testing/replyStudioContract.ts";
import type { OpenaiPlan } from "../../testing/protocols/openai/openOpenaiServer.ts";

const PICTURE = { type: "image", model: "openai/gpt-image-2.6-flare" } as const;
const VIDEO = { type: "video", model: "openai/sora-2" } as const;

replyStudioContract<OpenaiPlan>("an OpenAI-style service", {
  open: (plan) => openOpenaiAgainst(plan === undefined ? {} : { plan }),
  key: OPENAI_TEST_KEY,
  picture: PICTURE,
  video: VIDEO,
  made: [
    [PICTURE, {}, "generate", 6],
    [PICTURE, { picture: "url" }, "generate", 6],
    [VIDEO, {}, "create", 40],
  ],
});

describe("a studio with an OpenAI-style service", () => {
  it("[P8] keeps what a picture cost by OpenAI's own count of tokens; nonsense for one stops no job, nor is a gateway's priced", async () => {
    let plan: OpenaiPlan = {};
    await using at = await openStudios(
      await openOpenaiAgainst({ plan: () => plan, home: "https://api.openai.com/v1" }),
    );
    await using studio = await at.studio();
    studio.startWorker();
    const made = async () => studio.ended((await create(studio, PICTURE)).id);
    expect(await made()).toMatchObject({
      currentVersion: { cost: { usdMicros: 52_725, basis: "tokens" } },
      lastJob: { quote: 6, charged: 6 },
    });
    for (const usage of [null, "much", { output_tokens: -5 }, { output_tokens: 1e300, input_tokens_details: {} }]) {
      plan = { usage };
      const asset = await made();
      expect([usage, asset.status, asset.currentVersion.cost]).toEqual([usage, "completed", undefined]);
    }
    await using gateway = await openStudios(await openOpenaiAgainst());
    await using other = await gateway.studio();
    other.startWorker();
    const asset = await other.ended((await create(other, PICTURE)).id);
    expect([asset.status, asset.currentVersion.cost]).toEqual(["completed", undefined]);
  });

  it("[C1] quotes the reference pictures that are billed with the picture, again when it is tried again", async () => {
    await using at = await openStudios(await openOpenaiAgainst());
    await using studio = await at.studio();
    studio.startWorker();
    const { id: reference } = await studio.ended((await create(studio, PICTURE)).id);
    const input = { ...PICTURE, prompt: "fog", inputs: [reference] };
    expect(await studio.api.assets.quote(input)).toMatchObject({ each: 8, total: 8 });
    at.server.fault({ step: "edit", answer: { status: 400, body: { error: { code: "invalid_value" } } } });
    const refused = await studio.ended((await create(studio, input)).id);
    expect(refused).toMatchObject({ status: "failed", lastJob: { charged: 0 } });
    await studio.api.assets.retry({ id: refused.id });
    expect(await studio.ended(refused.id)).toMatchObject({ status: "completed", lastJob: { charged: 8 } });
  });

  it("[J5] does not ask again for what the rules refuse, nor where the purse is empty", async () => {
    await using at = await openStudios(await openOpenaiAgainst());
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
    await using at = await openStudios(await openOpenaiAgainst());
    const error = { code: "moderation_blocked", message: "No.", moderation_details: { moderation_stage: "output" } };
    at.server.fault({ step: "generate", answer: { status: 400, body: { error } } });
    await using studio = await at.studio();
    studio.startWorker();
    const asset = await studio.ended((await create(studio, PICTURE)).id);
    expect(asset).toMatchObject({ status: "failed", errorCode: "content_policy_output", lastJob: { charged: 0 } });
    expect(submissionsIn(studio)).toMatchObject([{ state: "ended", outcome: "failed" }]);
    expect(at.server.calls).toHaveLength(1);
  });

  it("[P2] buys no other video of a gateway in the place of one that failed for reasons of its own", async () => {
    const plan = { error: { code: "video_generation_failed", message: "Worker died." } };
    await using at = await openStudios(await openOpenaiAgainst({ plan: () => plan }));
    await using studio = await at.studio();
    studio.startWorker();
    const asset = await studio.ended((await create(studio, VIDEO)).id);
    expect(asset).toMatchObject({
      status: "failed",
      errorMessage: expect.stringContaining("It was probably charged for"),
    });
    expect(at.server.calls.filter(({ step }) => step === "create")).toHaveLength(1);
  });

  it("[P3] fetches a video's file again that broke off, and does not buy another", async () => {
    await using at = await openStudios(await openOpenaiAgainst());
    at.server.fault({ step: "content", reply: "reset" });
    await using studio = await at.studio();
    studio.startWorker();
    expect(await studio.ended((await create(studio, VIDEO)).id)).toMatchObject({ status: "completed" });
    const steps = at.server.calls.map(({ step }) => step);
    expect(steps.filter((step) => step === "create" || step === "content")).toEqual(["create", "content", "content"]);
  });
});
