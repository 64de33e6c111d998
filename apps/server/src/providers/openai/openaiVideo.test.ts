import { describe, expect, it } from "vitest";
import { OPENAI_VIDEO as VIDEO } from "../../testing/protocols/openai/openaiRequests.ts";
import { openOpenaiAgainst } from "../../testing/protocols/openai/openOpenaiAgainst.ts";
import { OPENAI_TEST_KEY } from "../../testing/protocols/openai/openOpenaiServer.ts";
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

  it("[J7] claims no way to cancel, because there is none", async () => {
    await using at = await openOpenaiAgainst();
    expect(at.provider.cancel).toBeUndefined();
    expect(at.provider.models.some(({ cancel }) => cancel)).toBe(false);
  });
});
