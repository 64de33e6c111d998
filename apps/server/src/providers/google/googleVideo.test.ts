import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { failureOf } from "../../testing/failureOf.ts";
import { GOOGLE_VIDEO as VIDEO } from "../../testing/protocols/google/googleRequests.ts";
import { openGoogleAgainst } from "../../testing/protocols/google/openGoogleAgainst.ts";
import { GOOGLE_TEST_KEY } from "../../testing/protocols/google/openGoogleServer.ts";
import { referenceIn } from "../../testing/referenceIn.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import type { GoogleAgainstOptions } from "../../testing/protocols/google/openGoogleAgainst.ts";
import type { VideoPlan } from "../../testing/protocols/google/openGoogleServer.ts";
import type { ClassifiedError, Provider, ProviderStatus } from "../Provider.ts";

const { signal } = new AbortController();

const PAID: Partial<ClassifiedError> = {
  code: "provider_unavailable",
  message: expect.stringContaining("It was probably charged for."),
  retryable: false,
};

/** An accepted video. */
async function filmed(plan: VideoPlan = {}, options: GoogleAgainstOptions = {}) {
  const at = await openGoogleAgainst({ ...options, plan: () => plan });
  const { providerRef } = await at.provider.submit(VIDEO, signal);
  const submission = submissionOf(VIDEO, providerRef);
  const status = (): Promise<ProviderStatus> => at.provider.status(submission, signal);
  return {
    ...at,
    submission,
    status,
    /** The status once its interaction has ended. */
    ended: async () => {
      await status();
      return status();
    },
    fetch: () => at.provider.fetchOutput(submission, signal),
  };
}

/** What a call that must fail is taken for. */
function failure(provider: Provider, call: Promise<unknown>): Promise<ClassifiedError> {
  return failureOf(provider, call, GOOGLE_TEST_KEY);
}

describe("a video from Google, in its own words", () => {
  it("is asked for in the background, its reference picture as the first frame", async () => {
    await using at = await openGoogleAgainst();
    await at.provider.submit({ ...VIDEO, inputPaths: [await referenceIn(at.folder)] }, signal);
    expect(at.server.bodies).toMatchObject([
      {
        model: "gemini-omni-1.1-flash",
        background: true,
        input: [
          { type: "image", mime_type: "image/png" },
          { type: "text", text: "fog" },
        ],
        generation_config: { video_config: { task: "image_to_video" } },
        response_format: { aspect_ratio: "9:16", resolution: "720p", duration: "3.5s", delivery: "uri" },
      },
    ]);
  });

  it.each<[VideoPlan["stays"] & string, ProviderStatus]>([
    ["queued", { state: "queued", position: null }],
    ["in_progress", { state: "running", fraction: null }],
    ["requires_action", { state: "unknown", raw: "requires_action" }],
    ["dreaming", { state: "unknown", raw: "dreaming" }],
  ])("[P5] that is %s is waited for", async (stays, told) => {
    await using at = await filmed({ stays });
    expect(await at.ended()).toEqual(told);
  });

  it.each<[string, VideoPlan, Partial<ClassifiedError>]>([
    ["words and no video", { ends: talk("I can't do that.") }, { code: "content_policy_output", retryable: false }],
    ["nothing at all", { ends: { steps: [] } }, { code: "content_policy_output", retryable: false }],
    ["a block", { ends: flop("failed", "image_safety") }, { code: "content_policy_output", retryable: false }],
    ["an error of a gateway", { ends: flop("failed", "api_error") }, PAID],
    ["a rush", { ends: flop("failed", "rate_limit_exceeded") }, PAID],
    ["a word that is new", { ends: flop("failed", "bored") }, PAID],
    ["no reason", { ends: { status: "failed" } }, PAID],
    ["half of it", { ends: { status: "incomplete" } }, PAID],
    ["a spent budget", { ends: { status: "budget_exceeded" } }, { code: "provider_quota", retryable: false }],
    ["an unfinished file", { file: "FAILED" }, PAID],
  ])(
    "[P2] that ends with %s has failed, why is told, and what may have cost is not bought again",
    async (_what, plan, means) => {
      await using at = await filmed(plan);
      expect(await at.ended()).toMatchObject({ state: "failed", error: means });
    },
  );

  it("[P2] that ends with an error of Google's own, as Google itself says, was not charged for, and may be made again", async () => {
    await using at = await filmed(
      { ends: flop("failed", "api_error") },
      { home: "https://generativelanguage.googleapis.com/v1beta" },
    );
    expect(await at.ended()).toMatchObject({
      state: "failed",
      error: { code: "provider_unavailable", retryable: true },
    });
  });

  it.each(["STATE_UNSPECIFIED", "THAWING"])(
    "[P5] whose file is %s, which nobody documents, is waited for",
    async (file) => {
      await using at = await filmed({ file });
      expect(await at.ended()).toEqual({ state: "unknown", raw: `file ${file}` });
    },
  );

  it("is not made before its file is", async () => {
    await using at = await filmed({ processing: 2 });
    expect([await at.ended(), await at.status(), await at.status()]).toEqual([
      { state: "running", fraction: null },
      { state: "running", fraction: null },
      { state: "succeeded" },
    ]);
  });

  it("is fetched from the answer itself where Google puts it there", async () => {
    await using at = await filmed({ inline: true });
    expect(await at.ended()).toEqual({ state: "succeeded" });
    const { body, claimedBytes } = await at.fetch();
    expect((await buffer(body)).subarray(4, 8).toString()).toBe("ftyp");
    expect(claimedBytes).toBeGreaterThan(1_000);
  });

  it("is fetched from no private address that Google would name, and the key goes nowhere else", async () => {
    await using elsewhere = await openGoogleAgainst();
    const uri = `${elsewhere.server.url.origin}/v1beta/secrets/1`;
    await using at = await filmed({ uri });
    await at.ended();
    expect(await failure(at.provider, at.fetch())).toMatchObject({ retryable: false });
    await using named = await filmed();
    await named.ended();
    named.server.fault({
      step: "download",
      answer: { status: 302, headers: { location: "https://10.0.0.1/video.mp4" } },
    });
    expect(await failure(named.provider, named.fetch())).toMatchObject({ retryable: false });
    expect(elsewhere.server.calls).toEqual([]);
  });

  it("[J7] that has ended cannot be cancelled, and the word of Google for that is taken for an answer", async () => {
    await using at = await filmed();
    await at.ended();
    const cancel = at.provider.cancel?.(at.submission, signal) ?? Promise.resolve();
    expect(await failure(at.provider, cancel)).toMatchObject({ retryable: false });
    expect(await at.status()).toEqual({ state: "succeeded" });
  });

  it("[P1] is followed by what an earlier version wrote down of it: its id and nothing else", async () => {
    await using at = await openGoogleAgainst();
    const { providerRef } = await at.provider.submit(VIDEO, signal);
    const bare = submissionOf(VIDEO, providerRef.replace("video:", ""));
    expect(await at.provider.status(bare, signal)).toEqual({ state: "running", fraction: null });
  });
});

function talk(text: string): Record<string, unknown> {
  return { steps: [{ type: "model_output", content: [{ type: "text", text }] }] };
}

function flop(status: string, code: string): Record<string, unknown> {
  return { status, errors: [{ code, message: "The request was blocked." }] };
}
