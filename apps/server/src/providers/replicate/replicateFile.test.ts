import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { openReplicate } from "../../testing/protocols/replicate/openReplicate.ts";
import { REPLICATE_TOKEN } from "../../testing/protocols/replicate/openReplicateServer.ts";
import {
  HOUR_MS,
  callsOf,
  refusedSubmit,
  replicateRefusal,
  submitted,
} from "../../testing/protocols/replicate/replicateRequest.ts";

describe("the file that Replicate made", () => {
  it.each([
    ["a string", (url: string) => url],
    ["a list", (url: string) => [url, `${url}2`]],
    ["an object", (url: string) => ({ seed: 7, video: { url } })],
  ])("is found in %s", async (_what, output) => {
    await using at = await openReplicate();
    const { status, fetch } = await submitted(at, { output });
    expect(await status()).toEqual({ state: "succeeded" });
    expect((await buffer((await fetch()).body)).length).toBeGreaterThan(100);
  });

  it.each([
    ["nothing", () => null],
    ["words", () => "hello Alice"],
    ["an empty list", () => []],
  ])("[P6] is none where %s came out: a final failure, not a job without an end", async (_what, output) => {
    await using at = await openReplicate();
    const { status } = await submitted(at, { output });
    expect(await status()).toMatchObject({ state: "failed", error: { retryable: false } });
  });

  it.each([
    ["500", { answer: { status: 500 } }],
    ["404", { answer: { status: 404 } }],
    ["401 of the file's place, which says nothing of the key", { answer: { status: 401 } }],
    ["403 of the file's place, which says nothing of the key", { answer: { status: 403 } }],
    ["a lost reply", { reply: "lost" }],
  ] as const)("[P3] is fetched again after %s", async (_what, fault) => {
    await using at = await openReplicate();
    const { fetch } = await submitted(at);
    at.server.fault({ step: "file", ...fault });
    const error = await replicateRefusal(at, fetch());
    expect(error).toMatchObject({ code: "provider_unavailable", retryable: true });
    expect(error).not.toHaveProperty("gone");
    expect((await fetch()).claimedMime).toBe("image/png");
  });

  it("[P3] is fetched again when the file's place has said to", async () => {
    await using at = await openReplicate();
    const { fetch } = await submitted(at);
    at.server.fault({ step: "file", answer: { status: 429, headers: { "retry-after": "3" } } });
    expect(await replicateRefusal(at, fetch())).toMatchObject({
      code: "provider_unavailable",
      retryable: true,
      retryAfterMs: 3_000,
    });
  });

  it.each([403, 404, 410])(
    "[P6] is gone when its place answers %i a second time: it is not bought again by itself, and there is nothing to recover",
    async (status) => {
      await using at = await openReplicate();
      const { fetch } = await submitted(at);
      at.server.fault({ step: "file", times: 2, answer: { status } });
      await replicateRefusal(at, fetch());
      expect(await replicateRefusal(at, fetch())).toMatchObject({
        code: "provider_unavailable",
        message: "The finished file is no longer at Replicate.",
        retryable: false,
        gone: true,
      });
    },
  );

  it("[P3] [P6] is not gone where the API itself, which saw the key, forbids it to the account, however often", async () => {
    await using at = await openReplicate();
    const atHome = `${at.server.home.href}/files/1/download`;
    const { fetch } = await submitted(at, { output: () => atHome });
    const account = { title: "Forbidden", detail: "Your account is locked.", status: 403 };
    at.server.fault({ step: "download", times: 3, answer: { status: 403, body: account } });
    for (let time = 0; time < 3; time += 1) {
      const means = await replicateRefusal(at, fetch());
      expect(means).toMatchObject({ code: "provider_unavailable", retryable: true });
      expect(means).not.toHaveProperty("gone");
    }
    expect(callsOf(at, "download").map(({ headers }) => headers["authorization"])).toEqual(
      Array.from({ length: 3 }, () => `Bearer ${REPLICATE_TOKEN}`),
    );
  });

  it("[P3] breaks off as a broken connection, or as a slow one, never as a shorter file", async () => {
    await using at = await openReplicate();
    const { fetch, submission } = await submitted(at);
    at.server.fault({ step: "file", reply: "reset" });
    const { body } = await fetch();
    expect(await replicateRefusal(at, buffer(body))).toMatchObject({ code: "provider_unavailable", retryable: true });
    at.server.fault({ step: "file", afterMs: HOUR_MS });
    const patience = new AbortController();
    const slow = replicateRefusal(at, at.provider.fetchOutput(submission, patience.signal));
    await vi.waitUntil(() => callsOf(at, "file").length === 2, { timeout: 15_000 });
    patience.abort(new DOMException("Enough.", "TimeoutError"));
    expect(await slow).toMatchObject({ code: "provider_unavailable", retryable: true });
  });

  it.each(["http://10.0.0.7/a.png", "https://127.0.0.1/a.png", "https://169.254.169.254/latest/meta-data"])(
    "is not fetched from %s, named by Replicate or by a redirect",
    async (url) => {
      await using at = await openReplicate();
      const named = await submitted(at, { output: () => url });
      expect(await replicateRefusal(at, named.fetch())).toMatchObject({
        code: "provider_unavailable",
        retryable: false,
      });
      const { fetch } = await submitted(at);
      at.server.fault({ step: "file", answer: { status: 302, headers: { location: url } } });
      expect(await replicateRefusal(at, fetch())).toMatchObject({ code: "provider_unavailable", retryable: false });
    },
  );
});

describe("the key", () => {
  it("stands in one header and in nothing that is said, even where Replicate repeats it", async () => {
    await using at = await openReplicate();
    const echo = `No access for Bearer ${REPLICATE_TOKEN}`;
    const told: unknown[] = [at.provider];
    for (const status of [400, 401, 402, 404, 422, 429, 500]) {
      at.server.fault({ step: "submit", answer: { status, body: { title: echo, detail: echo, status } } });
      told.push(await refusedSubmit(at));
    }
    told.push(await (await submitted(at, { error: echo })).status());
    told.push(await (await submitted(at, { status: echo })).status());
    told.push(
      await replicateRefusal(at, (await submitted(at, { output: () => `http://${REPLICATE_TOKEN}.example/` })).fetch()),
    );
    at.server.fault({ step: "poll", answer: { status: 200, body: { id: REPLICATE_TOKEN, status: 7 } } });
    told.push(await replicateRefusal(at, (await submitted(at)).status()));
    expect(inspect(told, { depth: 10 }) + JSON.stringify(told)).not.toContain(REPLICATE_TOKEN);
    expect(JSON.stringify(told)).toContain("[secret]");
    expect(at.server.calls.every(({ path }) => !path.includes(REPLICATE_TOKEN))).toBe(true);
    expect(callsOf(at, "submit")[0]?.headers["authorization"]).toBe(`Bearer ${REPLICATE_TOKEN}`);
  });
});
