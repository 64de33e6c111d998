import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { Secret } from "../../Secret.ts";
import { realTimers } from "../../Timers.ts";
import { openComfyuiServer } from "../../testing/protocols/comfyui/openComfyuiServer.ts";
import { FAL_TEST_KEY, openFalServer } from "../../testing/protocols/fal/openFalServer.ts";
import { GOOGLE_TEST_KEY, openGoogleServer } from "../../testing/protocols/google/openGoogleServer.ts";
import { OPENAI_TEST_KEY, openOpenaiServer } from "../../testing/protocols/openai/openOpenaiServer.ts";
import { openReplicateServer, REPLICATE_TOKEN } from "../../testing/protocols/replicate/openReplicateServer.ts";
import { HOSTED } from "../hosted/hosted.ts";
import { checkableAt, tryKey } from "./tryKey.ts";
import type { HostedProvider } from "../hosted/HostedProvider.ts";
import type { ProtocolServer } from "../../testing/protocols/openProtocolServer.ts";
import type { Timers } from "../../Timers.ts";

const WRONG = "not-the-key-0123456789";
const COMFYUI_TOKEN = "a-token-of-the-guard";

interface Subject {
  readonly server: ProtocolServer;
  readonly home: URL;
  readonly key: string;
  /** The step of the one call that is made. */
  readonly step: string;
}

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  fal: async () => {
    const server = await openFalServer();
    return { server, home: new URL("/v1", server.url), key: FAL_TEST_KEY, step: "pricing" };
  },
  replicate: async () => {
    const server = await openReplicateServer();
    return { server, home: server.home, key: REPLICATE_TOKEN, step: "account" };
  },
  google: async () => {
    const server = await openGoogleServer();
    return { server, home: server.home, key: GOOGLE_TEST_KEY, step: "models" };
  },
  openai: async () => {
    const server = await openOpenaiServer();
    return { server, home: server.home, key: OPENAI_TEST_KEY, step: "models" };
  },
  comfyui: async () => {
    const server = await openComfyuiServer({ token: COMFYUI_TOKEN });
    return { server, home: server.url, key: COMFYUI_TOKEN, step: "stats" };
  },
};

function provider(name: string): HostedProvider & { readonly checkKey: NonNullable<HostedProvider["checkKey"]> } {
  const found = HOSTED.find((one) => one.name === name);
  if (found?.checkKey === undefined) throw new Error(`${name} has no check.`);
  return { ...found, checkKey: found.checkKey };
}

const unused = (): Promise<never> => Promise.reject(new Error("Nothing is to be kept."));

function check(name: string, { home, key }: { readonly home: URL; readonly key: string }, timers: Timers = realTimers) {
  const { checkKey, ...rest } = provider(name);
  const settings = { provider: { ...rest, checkKey }, home, key: new Secret(key), folder: "/nowhere" };
  const deps = { ...timers, storage: { put: unused, get: unused }, log: pino({ level: "silent" }) };
  return tryKey(settings, { checkKey, at: home }, deps);
}

describe.each(Object.entries(SUBJECTS))("a key for %s", (name, open) => {
  it("is tried with one call that costs nothing: the right one is taken, a wrong one is not, and neither is repeated", async () => {
    const subject = await open();
    await using server = subject.server;
    expect(await check(name, subject)).toEqual({ ok: true, ms: expect.any(Number) });
    const refused = await check(name, { ...subject, key: WRONG });
    expect(refused).toMatchObject({ ok: false, code: "provider_auth", message: expect.any(String) });
    expect(JSON.stringify(refused)).not.toContain(WRONG);
    expect(server.calls.map(({ step, method }) => [step, method])).toEqual([
      [subject.step, "GET"],
      [subject.step, "GET"],
    ]);
  });

  it("cannot be judged by who is not there, is in trouble, or is somebody else; and that is said", async () => {
    const subject = await open();
    await using server = subject.server;
    const { step } = subject;
    server.fault({ step, answer: { status: 503, body: "later" } });
    server.fault({ step, answer: { status: 429, headers: { "retry-after": "9" }, body: {} } });
    server.fault({ step, answer: { status: 200, headers: { "content-type": "text/html" }, body: "<p>Welcome</p>" } });
    server.fault({ step, answer: { status: 404, body: { detail: "Not Found" } } });
    expect(await check(name, subject)).toMatchObject({ ok: false, code: "provider_unavailable" });
    expect(await check(name, subject)).toMatchObject({ ok: false, code: "rate_limited" });
    for (let time = 0; time < 2; time += 1)
      expect(await check(name, subject)).toMatchObject({
        ok: false,
        code: "provider_unavailable",
        message: expect.stringContaining("does not speak as"),
      });
    const nobody = new URL("http://127.0.0.1:9");
    expect(await check(name, { ...subject, home: nobody })).toMatchObject({ ok: false, code: "provider_unavailable" });
  });

  it("is waited for no longer than a person would", async () => {
    const subject = await open();
    await using server = subject.server;
    const over = Promise.withResolvers<void>();
    server.fault({ step: subject.step, until: over.promise });
    // Not unavailable, by which people are sent to look at their address.
    const impatient: Timers = { ...realTimers, after: (ms, callback) => realTimers.after(Math.min(ms, 20), callback) };
    expect(await check(name, subject, impatient)).toMatchObject({ ok: false, code: "timeout" });
    over.resolve();
    server.fault({ step: subject.step, answer: { status: 504, body: "upstream is late" } });
    expect(await check(name, subject)).toMatchObject({ ok: false, code: "timeout" });
  });
});

it.each([
  [
    "breaks when it is made",
    (key: string): never => {
      throw new Error(`No luck with ${key}`);
    },
  ],
  ["makes no whole provider", (): never => ({}) as never],
])(
  "one that %s is told of without the key: it was a 500, and the key stood in the log with it",
  async (_what, create) => {
    const deps = { ...realTimers, storage: { put: unused, get: unused }, log: pino({ level: "silent" }) };
    const own: HostedProvider = {
      name: "acme",
      keyVariable: "ACME_KEY",
      homeVariable: "ACME_URL",
      defaultHome: null,
      create: ({ key }) => create(key.reveal()),
    };
    const at = new URL("https://acme.example");
    const settings = { provider: own, home: at, key: new Secret(WRONG), folder: "/nowhere" };
    const told = await tryKey(settings, { checkKey: unused, at }, deps);
    expect(told).toMatchObject({
      ok: false,
      code: "provider_unavailable",
      message: expect.stringMatching(/No luck with \[secret\]|acme cannot be used: submit must be a function/),
    });
    expect(JSON.stringify(told)).not.toContain(WRONG);
  },
);

it("a key is tried at its home; fal's where fal answers for keys, and only one for fal itself", () => {
  const fal = provider("fal");
  expect(checkableAt(fal, new URL("https://queue.fal.run/"))?.href).toBe("https://api.fal.ai/v1");
  expect(checkableAt(fal, new URL("https://gateway.example"))).toBeNull();
  expect(checkableAt(provider("openai"), new URL("https://gateway.example/v1"))?.href).toBe(
    "https://gateway.example/v1",
  );
});
