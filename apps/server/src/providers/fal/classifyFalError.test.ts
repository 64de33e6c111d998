import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openFal } from "../../testing/protocols/fal/openFal.ts";
import {
  FAL_CLIP,
  FAL_PICTURE,
  falModelError,
  HASTY,
  NEVER,
  openFalPair,
  openFalRequest,
  refusalOf,
} from "../../testing/protocols/fal/openFalRequest.ts";
import { FAL_TEST_KEY } from "../../testing/protocols/fal/openFalServer.ts";
import { temporaryFolder } from "../../testing/temporaryFolder.ts";
import type { ClassifiedError } from "../Provider.ts";

const { signal } = new AbortController();

describe("submitting to fal", () => {
  it.each<[string, { status: number; headers?: Record<string, string>; body?: unknown }, Partial<ClassifiedError>]>([
    [
      "a 429 that says when",
      { status: 429, headers: { "retry-after": "7" }, body: { detail: "Too many requests" } },
      { code: "rate_limited", retryable: true, retryAfterMs: 7_000 as ClassifiedError["retryAfterMs"] & number },
    ],
    ["a 429 that does not", { status: 429 }, { code: "rate_limited", retryable: true }],
    ["a wrong key", { status: 401, body: { detail: "Unauthorized" } }, { code: "provider_auth", retryable: false }],
    [
      "an empty account",
      {
        status: 403,
        body: { detail: "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing." },
      },
      { code: "provider_quota", retryable: false },
    ],
    [
      "a locked account",
      { status: 403, body: { detail: "User is locked. Reason: Admin lock. Please contact support@fal.ai." } },
      { code: "provider_auth", message: "fal has locked this account.", retryable: false },
    ],
    [
      "the rules",
      { status: 422, body: falModelError("content_policy_violation") },
      { code: "content_policy_input", retryable: false },
    ],
    ["a model that is not there", { status: 404 }, { code: "invalid_input", retryable: false }],
  ])("[P2] is refused for certain by %s", async (_what, answer, expected) => {
    await using at = await openFalPair();
    at.server.fault({ step: "submit", answer });
    const error = await refusalOf(at.provider, at.provider.submit(FAL_PICTURE, signal));
    expect(error).toMatchObject({ ...expected, notAccepted: true });
    expect(at.server.calls).toHaveLength(1);
  });

  it.each([500, 502, 503, 504, 499, 408])(
    "[P2] leaves open after a %i whether it was accepted, and is not repeated",
    async (status) => {
      await using at = await openFalPair();
      at.server.fault({ step: "submit", answer: { status, headers: { "x-fal-retryable": "true" } } });
      const error = await refusalOf(at.provider, at.provider.submit(FAL_PICTURE, signal));
      expect(error.notAccepted).toBeUndefined();
      expect(error).toMatchObject({ code: "provider_unavailable", retryable: true });
      expect(at.server.calls).toHaveLength(1);
    },
  );

  it("[P2] leaves open after a lost reply, and after one that names no request, that it was accepted", async () => {
    await using at = await openFalPair();
    at.server.fault({ step: "submit", reply: "lost" });
    expect((await refusalOf(at.provider, at.provider.submit(FAL_PICTURE, signal))).notAccepted).toBeUndefined();
    expect(at.server.accepted).toHaveLength(1);
    for (const body of [{ request_id: "../../../keys" }, {}, "ok"]) {
      at.server.fault({ step: "submit", answer: { status: 200, body } });
      expect((await refusalOf(at.provider, at.provider.submit(FAL_PICTURE, signal))).notAccepted).toBeUndefined();
    }
    expect([at.provider.lookup, at.provider.idempotentSubmit]).toEqual([undefined, false]);
  });

  it("[P2] asks nothing of fal when a picture cannot be read", async () => {
    await using at = await openFalPair();
    const request = { ...FAL_CLIP, inputPaths: ["/nowhere/at-all.png"] };
    const error = await refusalOf(at.provider, at.provider.submit(request, signal));
    expect(error).toMatchObject({ code: "storage_failed", notAccepted: true });
    expect(at.server.calls).toEqual([]);
  });

  it("[P2] asks nothing of fal when the request cannot be put together, and does not leave that open", async () => {
    await using at = await openFalPair();
    const request = { ...FAL_CLIP, params: null as never };
    const error = await refusalOf(at.provider, at.provider.submit(request, signal));
    expect(error).toMatchObject({ code: "internal", retryable: false, notAccepted: true });
    expect(at.server.calls).toEqual([]);
  });

  it("sends a picture within the request, to the model's other endpoint", async () => {
    await using folder = await temporaryFolder();
    await using at = await openFalPair();
    const path = join(folder.path, "first.png");
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "navy" } })
      .png()
      .toBuffer();
    await writeFile(path, png);
    await at.provider.submit({ ...FAL_CLIP, inputPaths: [path] }, signal);
    expect(at.server.accepted).toMatchObject([
      {
        endpoint: "fal-ai/veo3.1/fast/image-to-video",
        input: { image_url: `data:image/png;base64,${png.toString("base64")}` },
      },
    ]);
  });
});

describe("a file at fal", () => {
  it("[P3] can be fetched again after a failure, and its address is never shown the key", async () => {
    await using at = await openFalRequest();
    await at.ended();
    at.server.fault({ step: "file", answer: { status: 503 } });
    at.server.fault({ step: "file", reply: "lost" });
    for (let time = 0; time < 2; time += 1)
      expect(await refusalOf(at.provider, at.fetch())).toMatchObject({ code: "provider_unavailable", retryable: true });
    const bytes = await buffer((await at.fetch()).body);
    expect((await sharp(bytes).metadata()).format).toBe("png");
    const shown = at.server.calls.filter(({ step }) => step === "file").map(({ headers }) => headers["authorization"]);
    expect(shown).toEqual([undefined, undefined, undefined]);
    expect(at.count("submit")).toBe(1);
  });

  it.each([403, 404, 410])(
    "[P3] [P6] that answers %i may be late; the second time it is gone, and is not made again by itself",
    async (status) => {
      await using at = await openFalRequest();
      await at.ended();
      at.server.fault({ step: "file", times: 2, answer: { status, body: "gone" } });
      const first = await refusalOf(at.provider, at.fetch());
      expect(first).toMatchObject({ code: "provider_unavailable", retryable: true });
      expect(first).not.toHaveProperty("gone");
      expect(await refusalOf(at.provider, at.fetch())).toMatchObject({
        code: "provider_unavailable",
        message: "The finished file is no longer at fal.",
        retryable: false,
        gone: true,
      });
    },
  );

  it.each([400, 401, 429])(
    "[P3] that answers %i is trouble that passes, and says nothing of the request",
    async (status) => {
      await using at = await openFalRequest();
      await at.ended();
      at.server.fault({ step: "file", times: 3, answer: { status, body: { error: { message: "no" } } } });
      for (let time = 0; time < 3; time += 1)
        expect(await refusalOf(at.provider, at.fetch())).toMatchObject({
          code: "provider_unavailable",
          retryable: true,
        });
    },
  );

  it("[P3] [P6] of an account that is locked is not gone, however often its result is refused", async () => {
    await using at = await openFalRequest();
    await at.ended();
    const body = { detail: "User is locked. Reason: Exhausted balance." };
    at.server.fault({ step: "result", times: 3, answer: { status: 403, body } });
    for (let time = 0; time < 3; time += 1) {
      const error = await refusalOf(at.provider, at.fetch());
      expect(error).toMatchObject({ code: "provider_unavailable", retryable: true });
      expect(error).not.toHaveProperty("gone");
    }
    expect((await at.fetch()).claimedMime).toBe("image/png");
  });

  it.each([404, 410])("[P3] [P6] whose result answers %i is gone the second time", async (status) => {
    await using at = await openFalRequest();
    await at.ended();
    at.server.fault({ step: "result", times: 2, answer: { status } });
    expect(await refusalOf(at.provider, at.fetch())).not.toHaveProperty("gone");
    expect(await refusalOf(at.provider, at.fetch())).toMatchObject({ retryable: false, gone: true });
  });

  it("is refused where its address or a redirect leads into the own network", async () => {
    const inside = "https://169.254.169.254/latest/meta-data";
    await using named = await openFalRequest({ result: () => ({ images: [{ url: inside }] }) });
    await named.ended();
    await using sent = await openFalRequest();
    await sent.ended();
    sent.server.fault({ step: "file", answer: { status: 302, headers: { location: inside } } });
    await using other = await openFalRequest({ result: () => ({ images: [{ url: "http://example.com/a.png" }] }) });
    await other.ended();
    for (const at of [named, sent, other])
      expect(await refusalOf(at.provider, at.fetch())).toMatchObject({
        message: "The provider named an address that is not visited.",
        retryable: false,
      });
  });

  it("that breaks off is an error; one that is cut short as if it were whole is left for the probe to find", async () => {
    await using at = await openFalRequest();
    await at.ended();
    const whole = await buffer((await at.fetch()).body);
    at.server.fault({ step: "file", reply: "reset" });
    expect(await refusalOf(at.provider, buffer((await at.fetch()).body))).toMatchObject({ retryable: true });
    at.server.fault({ step: "file", reply: "truncated" });
    expect((await buffer((await at.fetch()).body)).length).toBeLessThan(whole.length);
  });

  it("that does not come is given up", async () => {
    await using at = await openFalRequest();
    await using hasty = openFal(at.server, HASTY);
    await at.ended();
    at.server.fault({ step: "result", afterMs: NEVER });
    const fetched = hasty.fetchOutput(at.submission, signal);
    expect(await refusalOf(hasty, fetched)).toMatchObject({ code: "provider_unavailable", retryable: true });
  });
});

it("never repeats the key, not even where fal does", async () => {
  await using at = await openFalRequest({
    failure: { status: 422, body: falModelError("invalid", `The key ${FAL_TEST_KEY} may not.`) },
  });
  const seen: unknown[] = [at.provider, await at.ended()];
  const answers = [
    { status: 401, body: { detail: `No such key: ${FAL_TEST_KEY}` } },
    { status: 422, body: falModelError("invalid", `The key ${FAL_TEST_KEY} may not.`, ["body", FAL_TEST_KEY]) },
    { status: 500, headers: { "x-fal-error-type": FAL_TEST_KEY }, body: { error_type: FAL_TEST_KEY, detail: "" } },
    { status: 503 },
  ];
  for (const answer of answers) {
    at.server.fault({ step: "submit", answer });
    seen.push(await refusalOf(at.provider, at.provider.submit(FAL_PICTURE, signal)));
  }
  at.server.fault({ step: "poll", answer: { status: 200, body: { status: FAL_TEST_KEY } } });
  seen.push(await at.status());
  expect(inspect(seen, { depth: 10, showHidden: true })).not.toContain(FAL_TEST_KEY);
  expect(JSON.stringify(seen)).not.toContain(FAL_TEST_KEY);
});
