import { describe, expect, it } from "vitest";
import { openReplicate } from "../../testing/protocols/replicate/openReplicate.ts";
import {
  HOUR_MS,
  REPLICATE_CLIP,
  replicateRefusal,
  submitted,
} from "../../testing/protocols/replicate/replicateRequest.ts";
import type { Fault } from "../../testing/protocols/openProtocolServer.ts";
import type { Course } from "../../testing/protocols/replicate/ServedPrediction.ts";
import type { ProviderStatus } from "../Provider.ts";

const { signal } = new AbortController();

describe("what became of a prediction", () => {
  it.each([
    [
      "E005",
      "The input or output was flagged as sensitive. Please try again with different inputs. (E005)",
      "content_policy_input",
      false,
    ],
    [
      "the prompt",
      "The request failed because the input text may contain sensitive information.",
      "content_policy_input",
      false,
    ],
    ["NSFW", "NSFW content detected. Try running it again, or try a different prompt.", "content_policy_output", false],
    [
      "a withheld clip",
      "The request failed because the output video may contain sensitive information.",
      "content_policy_output",
      false,
    ],
    ["E006", "The input was invalid. (E006)", "invalid_input", false],
    ["E1001", "E1001: Model out of memory", "invalid_input", false],
    [
      "E003",
      "Service is currently unavailable due to high demand. Please try again later. (E003)",
      "rate_limited",
      true,
    ],
    ["a time-out", "The upstream request timed out", "timeout", true],
    ["an interruption", "Prediction interrupted; please retry (code: PA)", "provider_unavailable", true],
    ["whatever else", "'NoneType' object has no attribute 'shape'", "provider_unavailable", true],
  ])("[J5] reads %s in the words of a failure", async (_what, words, code, retryable) => {
    await using at = await openReplicate();
    const { status } = await submitted(at, { error: words });
    expect(await status()).toMatchObject({
      state: "failed",
      error: { code, retryable, message: `Replicate failed: ${words}` },
    });
  });

  it("tells waiting from running, and no progress", async () => {
    await using at = await openReplicate();
    const { status } = await submitted(at, { startMs: HOUR_MS / 60, runMs: HOUR_MS / 60 });
    expect(await status()).toEqual({ state: "queued", position: null });
    at.server.pass(HOUR_MS / 60);
    expect(await status()).toEqual({ state: "running", fraction: null });
    at.server.pass(HOUR_MS / 60);
    expect(await status()).toEqual({ state: "succeeded" });
  });

  it("[P5] takes a status that it does not know for unknown, whatever else is said", async () => {
    await using at = await openReplicate();
    const { status } = await submitted(at, { status: "Succeeded" });
    expect(await status()).toEqual({ state: "unknown", raw: "Succeeded" });
  });

  it("[J7] says that it was cancelled where that was asked for, in whatever state, by us or at Replicate's site", async () => {
    await using at = await openReplicate();
    for (const course of [{ startMs: HOUR_MS }, { runMs: HOUR_MS }]) {
      const { status, submission } = await submitted(at, course, REPLICATE_CLIP);
      await at.provider.cancel?.(submission, signal);
      at.server.pass(HOUR_MS);
      expect(await status()).toEqual({ state: "cancelled" });
    }
  });

  it("[J7] leaves what was done first done, cancelled or not", async () => {
    await using at = await openReplicate();
    const { status, submission } = await submitted(at);
    await at.provider.cancel?.(submission, signal);
    expect(await status()).toEqual({ state: "succeeded" });
  });

  it("[J10] takes the end that its deadline brought for a time-out: tried again where nothing ran, left to a person where it did", async () => {
    await using at = await openReplicate();
    const ended = async (course: Course): Promise<ProviderStatus> => {
      const { status } = await submitted(at, course, REPLICATE_CLIP);
      at.server.pass(30 * 60_000);
      return status();
    };
    expect(await ended({ startMs: HOUR_MS })).toMatchObject({
      state: "failed",
      error: { code: "timeout", retryable: true },
    });
    expect(await ended({ runMs: HOUR_MS })).toMatchObject({
      state: "failed",
      error: { code: "timeout", retryable: false },
    });
  });

  it("[J10] goes by the documented meaning of a status where no times are told", async () => {
    await using at = await openReplicate();
    const { status } = await submitted(at);
    const bare = (said: string): void =>
      at.server.fault({ step: "poll", answer: { status: 200, body: { id: "p1", status: said, deadline: 7 } } });
    bare("aborted");
    bare("canceled");
    expect([(await status()).state, (await status()).state]).toEqual(["failed", "cancelled"]);
  });

  it("[P6] says of a result that was deleted after its hour what it is, and that another one costs again", async () => {
    await using at = await openReplicate();
    const { status, fetch } = await submitted(at);
    at.server.pass(HOUR_MS / 2);
    expect(await status()).toEqual({ state: "succeeded" });
    at.server.pass(HOUR_MS / 2);
    const after = await status();
    expect(after).toMatchObject({ state: "failed", error: { code: "provider_unavailable", retryable: false } });
    expect(after.state === "failed" && after.error.message).toMatch(/after an hour.*charged/);
    // Between the status and the fetch: the next attempt's status decides.
    expect(await replicateRefusal(at, fetch())).toMatchObject({ code: "provider_unavailable", retryable: true });
  });

  it("[P3] has no news where it was not answered, and goes on", async () => {
    await using at = await openReplicate();
    const { status } = await submitted(at);
    const faults: readonly Omit<Fault, "step">[] = [
      { answer: { status: 502 } },
      { answer: { status: 429, headers: { "retry-after": "3" } } },
      { answer: { status: 200, body: "<html>" } },
      { answer: { status: 404, body: { detail: "The requested resource could not be found." } } },
      { reply: "lost" },
      { reply: "reset" },
    ];
    for (const fault of faults) {
      at.server.fault({ step: "poll", ...fault });
      expect((await replicateRefusal(at, status())).message).not.toBe("");
    }
    expect(await status()).toEqual({ state: "succeeded" });
  });
});
