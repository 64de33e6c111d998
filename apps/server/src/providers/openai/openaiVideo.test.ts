import { describe, expect, it } from "vitest";
import { OPENAI_VIDEO as VIDEO } from "../../testing/protocols/openai/openaiRequests.ts";
import { openOpenaiAgainst } from "../../testing/protocols/openai/openOpenaiAgainst.ts";
import { OPENAI_TEST_KEY } from "../../testing/protocols/openai/openOpenaiServer.ts";
import { failureOf } from "../../testing/failureOf.ts";
import { referenceIn } from "../../testing/referenceIn.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import type { OpenaiPlan } from "../../testing/protocols/openai/openOpenaiServer.ts";
import type { ClassifiedError, ProviderStatus } from "../Provider.ts";

const { signal } = new AbortController();

const PAID: Partial<ClassifiedError> = {
  code: "provider_unavailable",
  message: expect.stringContaining("It was probably charged for."),
  retryable: false,
};

/** A video that was accepted, to be asked about. */
async function filmed(plan: OpenaiPlan = {}) {
  const at = await openOpenaiAgainst({ plan: () => plan });
  const { providerRef } = await at.provider.submit(VIDEO, signal);
  const status = (): Promise<ProviderStatus> => at.provider.status(submissionOf(VIDEO, providerRef), signal);
  return {
    ...at,
    providerRef,
    status,
    /** The status after the queue and one read of it at work. */
    ended: async () => {
      await status();
      await status();
      return status();
    },
  };
}

describe("a video from a gateway, in its own words", () => {
  it("is asked for in the documented shape, its reference cut to the video's own size", async () => {
    await using at = await openOpenaiAgainst();
    const inputPaths = [await referenceIn(at.folder)];
    await at.provider.submit({ ...VIDEO, inputPaths, params: { ...VIDEO.params, durationMs: 7_200 } }, signal);
    expect(at.server.bodies).toEqual([
      {
        model: "sora-2",
        prompt: "fog",
        size: "720x1280",
        seconds: "8",
        input_reference: { type: "image/png", name: "reference.png" },
      },
    ]);
    expect(at.server.calls[0]?.headers["content-type"]).toMatch(/^multipart\/form-data/);
  });

  it("costs what its operator says that a second does, and what is begun is paid", async () => {
    await using at = await openOpenaiAgainst();
    const price = at.provider.models.find(({ id }) => id === VIDEO.model)?.price;
    expect([4_000, 7_200].map((ms) => price?.({ durationMs: ms }))).toEqual([40, 80]);
  });

  it("is queued, then at work as far as is told, then made", async () => {
    await using at = await filmed({ progress: [25, null, 180] });
    const told = [];
    for (let reads = 0; reads < 5; reads += 1) told.push(await at.status());
    expect(told).toEqual([
      { state: "queued", position: null },
      { state: "running", fraction: 0.25 },
      { state: "running", fraction: null },
      { state: "running", fraction: 1 },
      { state: "succeeded" },
    ]);
  });

  it.each(["submitted", "FAILED", "cancelled"])(
    "[P5] that is %s, which nobody documents, is waited for",
    async (raw) => {
      await using at = await filmed({ stays: raw });
      expect(await at.status()).toEqual({ state: "unknown", raw });
    },
  );

  it.each<[string, unknown, Partial<ClassifiedError>]>([
    ["the rules", { code: "moderation_blocked", message: "No." }, { code: "content_policy_output", retryable: false }],
    [
      "the rules, for the prompt",
      { code: "moderation_blocked", message: "No.", moderation_details: { moderation_stage: "input" } },
      { code: "content_policy_input", retryable: false },
    ],
    ["an empty purse", { code: "insufficient_quota", message: "No." }, { code: "provider_quota", retryable: false }],
    ["a bad picture", { code: "invalid_image", message: "No." }, { code: "invalid_input", retryable: false }],
    ["its own trouble", { code: "video_generation_failed" }, PAID],
    ["a gateway's word", { code: "upstream_hiccup", message: "Please try again." }, PAID],
    ["a rush", { code: "rate_limit_exceeded", message: "Slow down." }, PAID],
    ["text", "Boom.", PAID],
  ])(
    "[P2] that fails for %s has failed, why is told, and what may have cost is not bought again",
    async (_why, said, means) => {
      await using at = await filmed({ error: said });
      expect(await at.ended()).toMatchObject({ state: "failed", error: means });
    },
  );

  it("does not tell anyone the key that is repeated in why it failed", async () => {
    await using at = await filmed({ error: { code: "x", message: `Upstream refused ${OPENAI_TEST_KEY}.` } });
    expect(JSON.stringify(await at.ended())).toMatch(/Upstream refused \[secret\]/);
  });

  it("[P3] [P6] whose content is forbidden to the account is not gone by that, however often: it is there again with the account", async () => {
    await using at = await filmed();
    const fetch = () => at.provider.fetchOutput(submissionOf(VIDEO, at.providerRef), signal);
    await at.ended();
    at.server.fault({ step: "content", times: 3, answer: { status: 403, body: { error: { message: "Suspended." } } } });
    for (let time = 0; time < 3; time += 1) {
      const means = await failureOf(at.provider, fetch(), OPENAI_TEST_KEY);
      expect(means).toMatchObject({ code: "provider_unavailable", retryable: true });
      expect(means).not.toHaveProperty("gone");
    }
    expect((await fetch()).claimedMime).toBe("video/mp4");
  });

  it.each([404, 410])("[P6] whose content is answered with %i twice is gone", async (status) => {
    await using at = await filmed();
    const fetch = () => at.provider.fetchOutput(submissionOf(VIDEO, at.providerRef), signal);
    at.server.fault({ step: "content", times: 2, answer: { status } });
    expect(await failureOf(at.provider, fetch(), OPENAI_TEST_KEY)).not.toHaveProperty("gone");
    expect(await failureOf(at.provider, fetch(), OPENAI_TEST_KEY)).toMatchObject({ gone: true, retryable: false });
  });

  it("[J7] claims no way to cancel, because there is none", async () => {
    await using at = await openOpenaiAgainst();
    expect(at.provider.cancel).toBeUndefined();
    expect(at.provider.models.some(({ cancel }) => cancel)).toBe(false);
  });
});
