import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import { submissionOf } from "../../testing/submissionOf.ts";
import type { ComfyuiStage } from "../../testing/protocols/comfyui/openComfyuiStage.ts";
import type { Fault } from "../../testing/protocols/openProtocolServer.ts";
import type { ClassifiedError, SubmitRequest } from "../Provider.ts";

const { signal } = new AbortController();
const KEY = "tok-5e7c1a";

const REQUEST: SubmitRequest = {
  clientRef: "job-1",
  model: "comfyui/text-to-image",
  type: "image",
  prompt: "dunes at dusk",
  params: { aspectRatio: "1:1", seed: 1 },
  inputPaths: [],
};

/** What is thrown by it means to the studio; the key in it would be found. */
async function failure({ provider, logged }: ComfyuiStage, asked: Promise<unknown>): Promise<ClassifiedError> {
  const error = await asked.then(
    () => expect.fail("It went well."),
    (thrown: unknown) => thrown,
  );
  const classified = provider.classifyError(error);
  const stack = error instanceof Error ? `${error.stack} ${String(error.cause)}` : String(error);
  expect(JSON.stringify([classified, error, logged]) + stack).not.toContain(KEY);
  return classified;
}

async function made(stage: ComfyuiStage): Promise<string> {
  const { providerRef } = await stage.provider.submit(REQUEST, signal);
  const of = submissionOf(REQUEST, providerRef);
  while ((await stage.provider.status(of, signal)).state !== "succeeded") await wait(5);
  return providerRef;
}

const fetched = async ({ provider }: ComfyuiStage, ref: string): Promise<Buffer> =>
  buffer((await provider.fetchOutput(submissionOf(REQUEST, ref), signal)).body);

describe("ComfyUI out of order", () => {
  it.each<[string, Fault, Partial<ClassifiedError>]>([
    ["429", { step: "submit", answer: { status: 429 } }, { code: "rate_limited", retryable: true, notAccepted: true }],
    [
      "429 with a wait",
      { step: "submit", answer: { status: 429, headers: { "retry-after": "7" } } },
      { code: "rate_limited", retryAfterMs: 7_000 as ClassifiedError["retryAfterMs"] & number, notAccepted: true },
    ],
    [
      "a bad gateway",
      { step: "submit", answer: { status: 502, body: "<html>" } },
      { code: "provider_unavailable", retryable: true },
    ],
    ["a reply that is lost", { step: "submit", reply: "lost" }, { code: "provider_unavailable", retryable: true }],
    ["a reply that breaks off", { step: "submit", reply: "reset" }, { code: "provider_unavailable", retryable: true }],
    [
      "a page instead",
      { step: "submit", answer: { status: 200, body: "<html>Log in</html>" } },
      { code: "provider_unavailable", retryable: true },
    ],
    [
      "403",
      { step: "submit", answer: { status: 403 } },
      { code: "provider_auth", retryable: false, notAccepted: true },
    ],
  ])("[P2] a submit that meets %s says whether it may have been taken", async (_what, fault, expected) => {
    await using stage = await openComfyuiStage({ token: KEY });
    stage.server.fault(fault);
    const classified = await failure(stage, stage.provider.submit(REQUEST, signal));
    expect(classified).toMatchObject(expected);
    expect(classified.notAccepted).toBe(expected.notAccepted);
    // And is not repeated by the adapter, which cannot know.
    expect(stage.asked("submit")).toBe(1);
  });

  it("[P2] what breaks before the prompt is sent has begun nothing, whatever it was", async () => {
    await using stage = await openComfyuiStage({ token: KEY });
    for (const fault of [
      { answer: { status: 500 } },
      { reply: "lost" },
      { answer: { status: 200, body: "[]" } },
    ] as const) {
      stage.server.fault({ step: "info", ...fault });
      expect(await failure(stage, stage.provider.submit(REQUEST, signal))).toMatchObject({
        retryable: true,
        notAccepted: true,
      });
    }
    expect(stage.asked("submit")).toBe(0);
  });

  it("[P2] one that is not there has taken nothing", async () => {
    const stage = await openComfyuiStage({ token: KEY });
    await stage.server[Symbol.asyncDispose]();
    const classified = await failure(stage, stage.provider.submit(REQUEST, signal));
    expect(classified).toMatchObject({ code: "provider_unavailable", retryable: true, notAccepted: true });
    await stage[Symbol.asyncDispose]();
  });

  it.each<[string, Fault]>([
    ["503", { step: "queue", answer: { status: 503 } }],
    ["a reset", { step: "queue", reply: "lost" }],
    ["a page", { step: "queue", answer: { status: 200, body: "<html>" } }],
    ["a queue in other words", { step: "queue", answer: { status: 200, body: { jobs: [] } } }],
    ["a history that breaks off", { step: "history", reply: "reset" }],
    ["a history in other words", { step: "history", answer: { status: 200, body: [] } }],
  ])("[P3] a read that meets %s is no end of anything", async (_what, fault) => {
    await using stage = await openComfyuiStage({ token: KEY });
    const ref = await made(stage);
    stage.server.fault(fault);
    const of = submissionOf(REQUEST, ref);
    expect(await failure(stage, stage.provider.status(of, signal))).toMatchObject({ retryable: true });
    expect(await stage.provider.status(of, signal)).toEqual({ state: "succeeded" });
  });

  it.each<[string, Fault]>([
    ["504", { step: "view", answer: { status: 504 } }],
    ["a body that breaks off", { step: "view", reply: "reset" }],
    ["no answer", { step: "view", reply: "lost" }],
  ])("[P3] a download that meets %s can be asked for again", async (_what, fault) => {
    await using stage = await openComfyuiStage({ token: KEY });
    const ref = await made(stage);
    stage.server.fault(fault);
    expect(await failure(stage, fetched(stage, ref))).toMatchObject({ code: "provider_unavailable", retryable: true });
    expect((await fetched(stage, ref)).length).toBeGreaterThan(100);
  });

  it("[P3] does not wait for ever for a file that does not come", async () => {
    await using stage = await openComfyuiStage({ token: KEY });
    const of = submissionOf(REQUEST, await made(stage));
    const hasty = stage.open({ answerMs: 200 });
    stage.server.fault({ step: "view", afterMs: 60_000, times: 2 });
    const error = await hasty.fetchOutput(of, signal).catch((thrown: unknown) => thrown);
    expect(hasty.classifyError(error)).toMatchObject({ code: "provider_unavailable", retryable: true });
  });

  it("follows no redirect into the own network, though it is itself there", async () => {
    await using stage = await openComfyuiStage({ token: KEY });
    const ref = await made(stage);
    const location = "http://169.254.169.254/latest/meta-data";
    stage.server.fault({ step: "view", answer: { status: 302, headers: { location } } });
    expect(await failure(stage, fetched(stage, ref))).toMatchObject({ code: "provider_unavailable", retryable: false });
  });

  it("says which key is wanted, and shows the one it has to nobody", async () => {
    await using stage = await openComfyuiStage({ token: "another", key: KEY });
    const classified = await failure(stage, stage.provider.submit(REQUEST, signal));
    expect(classified).toMatchObject({ code: "provider_auth", retryable: false, notAccepted: true });
    // Whoever set it on the page has set no variable.
    expect(classified.message).toContain("on the providers page, or as COMFYUI_TOKEN");
    expect(stage.asked("submit")).toBe(0);
  });

  it("sends the key with everything, the websocket and the files too", async () => {
    await using stage = await openComfyuiStage({ token: KEY });
    const slow = { ...REQUEST, clientRef: "job-2", prompt: "dunes [slow]" };
    expect((await fetched(stage, await made(stage))).length).toBeGreaterThan(100);
    const { providerRef } = await stage.provider.submit(slow, signal);
    while (stage.server.sockets() === 0) {
      await stage.provider.status(submissionOf(slow, providerRef), signal);
      await wait(5);
    }
    expect(stage.server.calls.every(({ headers }) => headers["authorization"] === `Bearer ${KEY}`)).toBe(true);
  });

  it("[P5] repeats a key in nothing that ComfyUI says, be it a refusal, an exception, a status or a name", async () => {
    await using stage = await openComfyuiStage({ token: KEY });
    const words = `Bearer ${KEY} may not`;
    const error = { type: words, message: words, details: words };
    const refusal = { error, node_errors: { [KEY]: { class_type: KEY, errors: [error] } } };
    stage.server.fault({ step: "submit", answer: { status: 400, body: refusal } });
    const refused: unknown = await stage.provider.submit(REQUEST, signal).catch((thrown: unknown) => thrown);
    const told = JSON.stringify(stage.provider.classifyError(refused));
    expect(told).toContain("[secret] may not");
    expect(told).not.toContain(KEY);

    const ref = await made(stage);
    const of = submissionOf(REQUEST, ref);
    const history = (status: unknown): void =>
      stage.server.fault({ step: "history", answer: { status: 200, body: { [ref]: { outputs: {}, status } } } });
    history({ status_str: `paused for ${KEY}`, messages: [] });
    expect(await stage.provider.status(of, signal)).toEqual({ state: "unknown", raw: "paused for [secret]" });
    // Beginning so late that a cut would leave half of it.
    const long = `${"x".repeat(250)} ${words}`;
    const failed = { node_id: KEY, node_type: KEY, exception_type: KEY, exception_message: long };
    history({ status_str: "error", messages: [["execution_error", failed]] });
    const status = await stage.provider.status(of, signal);
    expect(status.state).toBe("failed");
    expect(JSON.stringify(status)).not.toContain(KEY.slice(0, 7));
  });
});
