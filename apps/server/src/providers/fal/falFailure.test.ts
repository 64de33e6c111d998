import { describe, expect, it } from "vitest";
import { falModelError, openFalRequest } from "../../testing/protocols/fal/openFalRequest.ts";
import type { FalEnd, FalPlan } from "../../testing/protocols/fal/openFalServer.ts";
import type { ClassifiedError } from "../Provider.ts";

const failure = (
  status: number,
  body: unknown,
  more: Omit<FalEnd, "status" | "body"> = { error: "The request failed" },
) => ({ failure: { status, body, ...more } });

describe("a request that failed at fal", () => {
  it.each<[string, FalPlan, Partial<ClassifiedError>]>([
    [
      "the rules, in the words of a model",
      failure(422, falModelError("content_policy_violation", "Flagged by a content checker.", ["body", "prompt"]), {
        headers: { "x-fal-retryable": "true" },
      }),
      { code: "content_policy_input", retryable: false },
    ],
    [
      "an input that the model does not take",
      failure(422, falModelError("image_too_small", "Image too small", ["body", "image_url"])),
      { code: "invalid_input", message: "Image too small (image_url)", retryable: false },
    ],
    [
      "a 422 of the old form",
      failure(422, { detail: "Prompt too long" }, {}),
      { code: "invalid_input", retryable: false },
    ],
    [
      "a list of errors without a frame",
      failure(422, falModelError("no_media_generated", "Nothing was generated.").detail, {}),
      { code: "invalid_input", message: "Nothing was generated.", retryable: false },
    ],
    [
      "a model that broke, which may go better",
      failure(500, falModelError("internal_server_error"), { headers: { "x-fal-retryable": "true" } }),
      { code: "provider_unavailable", retryable: true },
    ],
    [
      "a model that broke for good: X-Fal-Retryable is obeyed",
      failure(504, falModelError("generation_timeout"), { headers: { "x-fal-retryable": "false" } }),
      { code: "provider_unavailable", retryable: false },
    ],
    [
      "a partner that broke, behind a 400, for which fal may charge",
      failure(400, falModelError("downstream_service_error"), { headers: { "x-fal-retryable": "true" } }),
      {
        code: "provider_unavailable",
        message: "Something went wrong at fal while this was made. It may have been charged for.",
        retryable: false,
      },
    ],
    [
      "a partner that broke, behind a 502",
      failure(502, falModelError("downstream_service_unavailable"), {}),
      { code: "provider_unavailable", retryable: true },
    ],
    [
      "a caller who went away, which is no error of fal's",
      failure(
        499,
        { detail: "Client disconnected", error_type: "client_disconnected" },
        { error: "Client disconnected", errorType: "client_disconnected" },
      ),
      { code: "provider_unavailable", retryable: false },
    ],
    [
      "a runner that went away",
      failure(
        503,
        { detail: "Runner disconnected", error_type: "runner_disconnected" },
        {
          error: "Runner disconnected",
          errorType: "runner_disconnected",
        },
      ),
      { code: "provider_unavailable", retryable: true },
    ],
    [
      "a request that fal could not read",
      failure(400, { detail: "Bad request", error_type: "bad_request" }, {}),
      { code: "invalid_input", retryable: false },
    ],
    [
      "an app that says no more than that it failed",
      failure(500, { detail: "Something broke" }),
      { code: "provider_unavailable", retryable: true },
    ],
  ])("is told by its result: %s", async (_why, plan, expected) => {
    await using at = await openFalRequest(plan);
    expect(await at.ended()).toMatchObject({ state: "failed", error: expected });
    expect(at.count("submit")).toBe(1);
  });

  it("[P3] is not told by a gateway's page or a locked account, even when the status says that it failed: why is still to be read", async () => {
    await using at = await openFalRequest(failure(422, falModelError("content_policy_violation")));
    await at.status();
    await at.status();
    const locked = { detail: "User is locked. Reason: Exhausted balance." };
    at.server.fault({ step: "result", answer: { status: 502, body: "<html>Bad gateway</html>" } });
    at.server.fault({ step: "result", answer: { status: 403, body: locked } });
    await expect(at.status()).rejects.toMatchObject({ status: 502 });
    await expect(at.status()).rejects.toMatchObject({ status: 403 });
    expect(await at.status()).toMatchObject({ state: "failed", error: { code: "content_policy_input" } });
  });

  it("has its picture withheld by the safety checker, although the result is a 200", async () => {
    await using at = await openFalRequest({ result: (result) => ({ ...result, has_nsfw_concepts: [true] }) });
    expect(await at.ended()).toMatchObject({
      state: "failed",
      error: { code: "content_policy_output", retryable: false },
    });
  });

  it("has no file, although it is said to be done: it is not bought again by itself", async () => {
    await using at = await openFalRequest({ result: () => ({ images: [], has_nsfw_concepts: null }) });
    expect(await at.ended()).toMatchObject({
      state: "failed",
      error: { code: "provider_unavailable", retryable: false },
    });
  });
});
