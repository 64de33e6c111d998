import { describe, expect, it } from "vitest";
import { openFal } from "../../testing/protocols/fal/openFal.ts";
import {
  FAL_CLIP,
  FAL_PICTURE,
  HASTY,
  NEVER,
  openFalPair,
  openFalRequest,
  refusalOf,
} from "../../testing/protocols/fal/openFalRequest.ts";
import { FAL_TEST_KEY } from "../../testing/protocols/fal/openFalServer.ts";
import { providerContract } from "../../testing/providerContract.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import type { FalPlan } from "../../testing/protocols/fal/openFalServer.ts";
import type { ProviderStatus } from "../Provider.ts";

const { signal } = new AbortController();

providerContract("fal (picture)", async () => ({
  ...(await openFalPair(({ input }) => (input["prompt"] === "slow" ? { stays: "IN_QUEUE" } : {}))),
  quick: (clientRef) => ({ ...FAL_PICTURE, clientRef }),
  slow: (clientRef) => ({ ...FAL_PICTURE, clientRef, prompt: "slow" }),
}));

providerContract("fal (clip)", async () => ({
  ...(await openFalPair(({ input }) => (input["prompt"] === "slow" ? { stays: "IN_PROGRESS" } : {}))),
  quick: (clientRef) => ({ ...FAL_CLIP, clientRef }),
  slow: (clientRef) => ({ ...FAL_CLIP, clientRef, prompt: "slow" }),
}));

describe("a request at fal", () => {
  it("is followed below owner and app alone, and its key goes in the header that fal reads", async () => {
    await using at = await openFalRequest();
    expect(at.providerRef).toBe(`fal-ai/flux/requests/${at.server.accepted[0]?.id}`);
    await at.status();
    expect(at.server.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /fal-ai/flux/schnell",
      `GET /${at.providerRef}/status`,
    ]);
    expect(at.server.calls.map(({ headers }) => headers["authorization"])).toEqual(
      Array.from({ length: 2 }, () => `Key ${FAL_TEST_KEY}`),
    );
  });

  it("tells how many are ahead in the queue, then that it runs, then that it is done", async () => {
    await using at = await openFalRequest();
    expect([await at.status(), await at.status(), await at.status()]).toEqual([
      { state: "queued", position: 0 },
      { state: "running", fraction: null },
      { state: "succeeded" },
    ]);
  });

  it("[P5] reports a status that is not known, and one that cannot be read, instead of guessing", async () => {
    await using paused = await openFalRequest({ status: "PAUSED" });
    expect(await paused.status()).toEqual({ state: "unknown", raw: "PAUSED" });
    paused.server.fault({ step: "poll", answer: { status: 200, body: "<html>" } });
    expect(await paused.status()).toEqual({ state: "unknown", raw: "no status" });
  });

  it("[P3] a result that cannot be read for any HTTP status is no news of the request", async () => {
    await using at = await openFalRequest();
    await at.status();
    await at.status();
    for (const status of [500, 502, 503, 504, 429, 400, 401, 403, 404]) {
      at.server.fault({ step: "result", answer: { status, body: "<html>Bad gateway</html>" } });
      await expect(at.status()).rejects.toMatchObject({ status });
    }
    // About whoever asks, whatever the form in which it is said.
    for (const status of [401, 403, 404, 429]) {
      const body = { detail: [{ loc: [], msg: "Not now.", type: "not_now" }], error_type: "not_now" };
      at.server.fault({ step: "result", answer: { status, body } });
      await expect(at.status()).rejects.toMatchObject({ status });
    }
    expect(await at.status()).toEqual({ state: "succeeded" });
  });

  it("[P3] an error of fal's own machinery while the result is read is no news, as long as the status reported none", async () => {
    await using at = await openFalRequest();
    await at.status();
    await at.status();
    const body = { detail: "Internal error", error_type: "internal_error" };
    at.server.fault({
      step: "result",
      answer: { status: 500, headers: { "x-fal-error-type": "internal_error" }, body },
    });
    await expect(at.status()).rejects.toMatchObject({ status: 500 });
    expect(await at.status()).toEqual({ state: "succeeded" });
  });

  it("[P3] a broken connection, a late answer and an answer that is no result are no news either", async () => {
    await using at = await openFalRequest();
    await using hasty = openFal(at.server, HASTY);
    await at.status();
    await at.status();
    at.server.fault({ step: "result", reply: "lost" });
    at.server.fault({ step: "result", reply: "reset" });
    at.server.fault({ step: "result", answer: { status: 200, body: "<html>Sign in</html>" } });
    at.server.fault({ step: "poll", afterMs: NEVER });
    for (const [asked, why] of [
      [hasty, "too_slow"],
      [at.provider, "broken"],
      [at.provider, "broken"],
      [at.provider, undefined],
    ] as const) {
      const error: unknown = await asked.status(at.submission, signal).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect((error as { readonly why?: string }).why).toBe(why);
      expect(at.provider.classifyError(error)).toMatchObject({ code: "provider_unavailable", retryable: true });
    }
    expect(await at.status()).toEqual({ state: "succeeded" });
  });
});

describe("cancelling at fal", () => {
  it.each<[string, FalPlan, number, ProviderStatus["state"]]>([
    ["in the queue is done at once", { stays: "IN_QUEUE" }, 0, "cancelled"],
    ["in the queue leaves nothing that could be asked about", { stays: "IN_QUEUE", forgotten: true }, 0, "cancelled"],
    ["at work asks the model, which stops", { stays: "IN_PROGRESS" }, 1, "cancelled"],
    ["at work asks the model, which finishes first", { ignoresCancel: true }, 1, "succeeded"],
    ["what is done changes nothing", {}, 2, "succeeded"],
  ])("[J7] %s", async (_what, plan, reads, state) => {
    await using at = await openFalRequest(plan);
    for (let read = 0; read < reads; read += 1) await at.status();
    await at.cancel();
    await at.status();
    expect(await at.status()).toEqual({ state });
  });

  it("[P3] a request that cannot be found is no news, unless its cancel was answered so too", async () => {
    await using at = await openFalRequest({ stays: "IN_QUEUE", forgotten: true });
    at.server.fault({ step: "poll", answer: { status: 404, body: { detail: "Request not found" } } });
    await expect(at.status()).rejects.toMatchObject({ status: 404 });
    await at.cancel();
    await using another = await openFalPair();
    const elsewhere = submissionOf(FAL_PICTURE, at.providerRef);
    await expect(another.provider.status(elsewhere, signal)).rejects.toMatchObject({ status: 404 });
    await another.provider.cancel?.(elsewhere, signal);
    expect(await another.provider.status(elsewhere, signal)).toEqual({ state: "cancelled" });
  });

  it("[J7] that broke on the way is to be asked for again, one that was refused is not", async () => {
    await using at = await openFalRequest({ stays: "IN_QUEUE" });
    at.server.fault({ step: "cancel", answer: { status: 503 } });
    at.server.fault({ step: "cancel", answer: { status: 405 } });
    expect((await refusalOf(at.provider, at.cancel() ?? Promise.resolve())).retryable).toBe(true);
    expect((await refusalOf(at.provider, at.cancel() ?? Promise.resolve())).retryable).toBe(false);
  });
});
