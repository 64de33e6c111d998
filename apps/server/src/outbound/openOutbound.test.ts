import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { openProtocolServer } from "../testing/protocols/openProtocolServer.ts";
import { classifyOutbound } from "./classifyOutbound.ts";
import { openOutbound } from "./openOutbound.ts";
import { OutboundError } from "./OutboundError.ts";
import { parseRetryAfter } from "./parseRetryAfter.ts";
import { RefusedAnswer } from "./RefusedAnswer.ts";
import type { IncomingMessage } from "node:http";
import type { LookupFunction } from "node:net";
import type { WebSocket as Socket } from "ws";
import type { OutboundLimits } from "./openOutbound.ts";
import type { ProtocolServer } from "../testing/protocols/openProtocolServer.ts";

const { signal } = new AbortController();
const NOW = Date.UTC(2026, 10, 29);
const FILE = Buffer.alloc(200_000, 7);
const KEY = { authorization: "Key secret" };

async function opened(limits: Partial<OutboundLimits> = {}, lookup?: LookupFunction) {
  const server = await openProtocolServer((app) => {
    app.post("/submit", { config: { step: "submit" } }, async ({ body }) => ({ body }));
    app.get("/poll", { config: { step: "poll" } }, async () => ({ state: "running" }));
    app.get("/file", { config: { step: "file" } }, async (_request, reply) => reply.type("image/png").send(FILE));
  });
  const outbound = openOutbound({
    home: server.url,
    clock: () => NOW,
    limits,
    ...(lookup === undefined ? {} : { lookup }),
  });
  return {
    server,
    outbound,
    submit: () => outbound.ask({ method: "POST", path: "/submit", headers: KEY, body: { prompt: "fog" } }, signal),
    file: (url = `${server.url.origin}/file`) => outbound.download({ url, headers: KEY }, signal),
    async [Symbol.asyncDispose]() {
      await outbound.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function* forEver(): AsyncIterable<string> {
  yield "n";
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    yield "o".repeat(10_000);
  }
}

async function* halfOfOne(): AsyncIterable<string> {
  yield "half";
  await new Promise(() => {});
}

async function refusal(asked: Promise<unknown>): Promise<OutboundError> {
  const error = await asked.then(
    () => new Error("It was answered."),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OutboundError)) throw error;
  return error;
}

const redirectTo = (server: ProtocolServer, location: string, times = 1): void =>
  server.fault({ step: "file", times, answer: { status: 302, headers: { location } } });

describe("what goes out to a provider", () => {
  it("asks its API with JSON and gives what it said", async () => {
    await using at = await opened();
    expect(await at.submit()).toMatchObject({ status: 200, body: { body: { prompt: "fog" } } });
    expect(at.server.calls[0]?.headers).toMatchObject({ authorization: "Key secret" });
  });

  it("sends files as a form of known length", async () => {
    await using at = await opened();
    const form = new FormData();
    form.set("picture", new Blob([FILE]), "picture.png");
    const asked = at.outbound.ask({ method: "POST", path: "/submit", body: form }, signal);
    await expect(asked).rejects.toMatchObject({ status: 415 });
    expect(Number(at.server.calls[0]?.headers["content-length"])).toBeGreaterThan(FILE.length);
  });

  it("gives an answer that refuses, with its words and the wait it asks for", async () => {
    await using at = await opened();
    at.server.fault({
      step: "submit",
      answer: { status: 429, headers: { "retry-after": "7" }, body: { detail: "slow" } },
    });
    const error = await at.submit().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedAnswer);
    expect(error).toMatchObject({ status: 429, body: { detail: "slow" }, retryAfterMs: 7_000 });
  });

  it("[P2] knows what can never have arrived, and only that", async () => {
    await using at = await opened();
    at.server.fault({ step: "submit", reply: "lost" });
    expect(await refusal(at.submit())).toMatchObject({ why: "broken", neverSent: false });
    const nobody = openOutbound({ home: new URL("http://127.0.0.1:9"), clock: () => NOW });
    const unheard = await refusal(nobody.ask({ method: "POST", path: "/submit", body: {} }, signal));
    expect(unheard).toMatchObject({ why: "unreachable", neverSent: true });
    expect([classifyOutbound(unheard).notAccepted, classifyOutbound(new OutboundError("broken")).notAccepted]).toEqual([
      true,
      undefined,
    ]);
    await nobody.close();
  });

  it("[P2] sends what cannot be repeated on a connection of its own, not on one that may be closing", async () => {
    await using at = await opened();
    await at.outbound.ask({ method: "GET", path: "/poll" }, signal);
    await at.submit();
    const [poll, submit] = at.server.calls.map(({ headers }) => headers["connection"]);
    expect([poll, submit]).toEqual(["keep-alive", "close"]);
  });

  it("never sends a key anywhere but home: no other host, no path beside, no redirect of a call", async () => {
    await using at = await opened();
    for (const path of ["https://example.com/submit", `${at.server.url.origin}.example.com/submit`])
      expect(await refusal(at.outbound.ask({ method: "GET", path, headers: KEY }, signal))).toMatchObject({
        why: "refused_address",
      });
    at.server.fault({ step: "poll", answer: { status: 307, headers: { location: "https://example.com/" } } });
    await expect(at.outbound.ask({ method: "GET", path: "/poll", headers: KEY }, signal)).rejects.toMatchObject({
      status: 307,
    });
    const below = openOutbound({ home: new URL("/api", at.server.url), clock: () => NOW });
    expect(await refusal(below.ask({ method: "GET", path: "/../poll" }, signal))).toMatchObject({
      why: "refused_address",
    });
    for (const path of ["/..%2fpoll", "/%252e%252e/poll", `http://someone@${at.server.url.host}/api/poll`])
      expect(await refusal(below.ask({ method: "GET", path }, signal))).toMatchObject({ why: "refused_address" });
    await below.close();
  });

  it("streams a file from home, with the key, and says what the provider claims of it", async () => {
    await using at = await opened();
    const { body, ...claimed } = await at.file();
    expect(claimed).toEqual({ claimedMime: "image/png", claimedBytes: FILE.length });
    expect(FILE.equals(await buffer(body))).toBe(true);
    expect(at.server.calls[0]?.headers).toMatchObject({ authorization: "Key secret" });
  });

  it("shows the key to what lies below home, and to nothing beside it, also not after a redirect back", async () => {
    await using below = await openProtocolServer((app) => {
      app.get("/v1/file", { config: { step: "file" } }, async () => "a file");
      app.get("/v1/beside", { config: { step: "file" } }, async (_request, reply) => reply.redirect("/file"));
      app.get("/file", { config: { step: "file" } }, async (_request, reply) => reply.redirect("/v1/file"));
    });
    const outbound = openOutbound({ home: new URL("/v1", below.url), clock: () => NOW });
    const keys = async (path: string): Promise<readonly unknown[]> => {
      const before = below.calls.length;
      await buffer((await outbound.download({ url: `${below.url.origin}${path}`, headers: KEY }, signal)).body);
      return below.calls.slice(before).map(({ headers }) => headers["authorization"]);
    };
    const { authorization: key } = KEY;
    expect(await keys("/v1/file")).toEqual([key]);
    expect(await keys("/file")).toEqual([undefined, undefined]);
    expect(await keys("/v1/beside")).toEqual([key, undefined, undefined]);
    expect(await keys("/v1/../v1/file")).toEqual([key]);
    await outbound.close();
  });

  it.each([
    ["plain http elsewhere", "http://example.com/file"],
    ["this machine", "https://127.0.0.1/file"],
    ["this machine, written otherwise", "https://0x7f.1/file"],
    ["the own network", "https://10.1.2.3/file"],
    ["the metadata service", "https://169.254.169.254/latest/meta-data"],
    ["IPv6 of this machine", "https://[::1]/file"],
    ["IPv4 in the clothes of IPv6", "https://[::ffff:127.0.0.1]/file"],
    ["this machine behind NAT64", "https://[64:ff9b::127.0.0.1]/file"],
    ["a file", "file:///etc/passwd"],
    ["nonsense", "not an address"],
  ])("does not fetch from %s, be it named at once or by a redirect", async (_what, url) => {
    await using at = await opened();
    expect(await refusal(at.file(url))).toMatchObject({ why: "refused_address" });
    if (!URL.canParse(url)) return;
    redirectTo(at.server, url);
    expect(await refusal(at.file())).toMatchObject({ why: "refused_address" });
  });

  it("judges the address that a name leads to, all of them", async () => {
    const asked: string[] = [];
    const lookup: LookupFunction = (hostname, _options, callback) => {
      asked.push(hostname);
      callback(null, [
        { address: "93.184.216.34", family: 4 },
        { address: "192.168.0.10", family: 4 },
      ]);
    };
    await using at = await opened({}, lookup);
    expect(await refusal(at.file("https://files.example.com/a.png"))).toMatchObject({
      why: "refused_address",
      neverSent: true,
    });
    expect(asked).toEqual(["files.example.com"]);
  });

  it("does not follow redirects for ever", async () => {
    await using at = await opened();
    redirectTo(at.server, "/file", 20);
    expect(await refusal(at.file())).toMatchObject({ why: "refused_address" });
    expect(at.server.calls.length).toBe(6);
  });

  it("ends a file that is too large, announced or not", async () => {
    await using at = await opened({ fileBytes: FILE.length - 1 });
    expect(await refusal(at.file())).toMatchObject({ why: "too_large" });
    await using unannounced = await openProtocolServer((app) => {
      app.get("/file", async (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200).end(FILE);
        reply.raw.flushHeaders();
      });
    });
    const outbound = openOutbound({ home: unannounced.url, clock: () => NOW, limits: { fileBytes: 1_000 } });
    const { body } = await outbound.download({ url: `${unannounced.url.origin}/file` }, signal);
    expect(await refusal(buffer(body))).toMatchObject({ why: "too_large" });
    await outbound.close();
  });

  it("does not hear out what goes on for ever in place of a file", async () => {
    await using endless = await openProtocolServer((app) => {
      app.get("/file", async (_request, reply) => reply.code(500).send(Readable.from(forEver())));
    });
    const outbound = openOutbound({ home: endless.url, clock: () => NOW });
    const asked = outbound.download({ url: `${endless.url.origin}/file` }, signal);
    await expect(asked).rejects.toMatchObject({
      status: 500,
      body: expect.stringMatching(/^no{60000,200000}/) as string,
    });
    await outbound.close();
  });

  it("[P3] says of a body that breaks off that it broke, of one that stops that it is too slow", async () => {
    await using at = await opened();
    at.server.fault({ step: "file", reply: "reset" });
    const { body } = await at.file();
    expect(await refusal(buffer(body))).toMatchObject({ why: "broken" });
    await using stops = await openProtocolServer((app) => {
      app.get("/file", async (_request, reply) => reply.send(Readable.from(halfOfOne())));
    });
    const hasty = openOutbound({ home: stops.url, clock: () => NOW, limits: { silenceMs: 200 } });
    const { body: half } = await hasty.download({ url: `${stops.url.origin}/file` }, signal);
    expect(await refusal(buffer(half))).toMatchObject({ why: "too_slow" });
    await hasty.close();
  });

  it("waits longer for an answer of which that is known", async () => {
    await using at = await opened({ answerMs: 50 });
    const answered = Promise.withResolvers<void>();
    at.server.fault({ step: "poll", times: 2, until: answered.promise });
    const poll = (answerMs?: number) =>
      at.outbound.ask({ method: "GET", path: "/poll", ...(answerMs === undefined ? {} : { answerMs }) }, signal);
    // It was asked first, and waits still when the other one has given up.
    const patient = poll(60_000);
    expect(await refusal(poll())).toMatchObject({ why: "too_slow" });
    answered.resolve();
    expect(await patient).toMatchObject({ status: 200 });
  });

  it("stops when whoever asked has stopped waiting, with their reason", async () => {
    await using at = await opened();
    at.server.fault({ step: "submit", afterMs: 60_000 });
    const patience = new AbortController();
    const asked = at.outbound.ask({ method: "POST", path: "/submit", body: {} }, patience.signal);
    const reason = new Error("enough");
    patience.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  it("takes an answer that is no JSON for text, and none for null", async () => {
    await using at = await opened();
    at.server.fault({ step: "poll", answer: { status: 200, body: "<html>" } });
    at.server.fault({ step: "poll", answer: { status: 200 } });
    const poll = async () => (await at.outbound.ask({ method: "GET", path: "/poll" }, signal)).body;
    expect([await poll(), await poll()]).toEqual(["<html>", null]);
  });
});

describe("what a provider tells by itself", () => {
  const SAID = ["first", new Uint8Array([1, 2]), "second"];

  async function opened(speak: (socket: Socket) => void) {
    const lines = new WebSocketServer({ noServer: true });
    const seen: IncomingMessage[] = [];
    const server = await openProtocolServer((app) => {
      app.server.on("upgrade", (request, socket, head) => {
        seen.push(request);
        if (request.url !== "/line") return void socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
        lines.handleUpgrade(request, socket, head, speak);
      });
    });
    const outbound = openOutbound({ home: server.url, clock: () => NOW });
    return {
      outbound,
      seen,
      async [Symbol.asyncDispose]() {
        await outbound.close();
        for (const client of lines.clients) client.terminate();
        await server[Symbol.asyncDispose]();
      },
    };
  }

  it("is heard with the key, as text and nothing else, until the line ends", async () => {
    await using at = await opened((socket) => {
      for (const message of SAID) socket.send(message);
      socket.close();
    });
    const heard: string[] = [];
    await new Promise<void>((ended) => {
      at.outbound.listen({ path: "/line", headers: KEY }, { heard: (text) => heard.push(text), ended });
    });
    expect(heard).toEqual(["first", "second"]);
    expect(at.seen[0]?.headers.authorization).toBe("Key secret");
  });

  it("ends at once where there is no line, or nobody at all", async () => {
    await using at = await opened(() => {});
    const nobody = openOutbound({ home: new URL("http://127.0.0.1:9"), clock: () => NOW });
    const heard: string[] = [];
    for (const outbound of [at.outbound, nobody])
      await new Promise<void>((ended) => {
        outbound.listen({ path: "/elsewhere" }, { heard: (text) => heard.push(text), ended });
      });
    expect(heard).toEqual([]);
    await nobody.close();
  });

  it("is not heard by who has hung up, nor is its end", async () => {
    const told = Promise.withResolvers<void>();
    await using at = await opened((socket) => socket.on("close", () => told.resolve()));
    const heard: string[] = [];
    const hangUp = at.outbound.listen(
      { path: "/line" },
      { heard: (text) => heard.push(text), ended: () => heard.push("ended") },
    );
    while (at.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    hangUp();
    await told.promise;
    expect(heard).toEqual([]);
  });
});

describe("what an error of it means", () => {
  it.each([
    [400, "invalid_input", false, true],
    [401, "provider_auth", false, true],
    [402, "provider_quota", false, true],
    [403, "provider_auth", false, true],
    [404, "invalid_input", false, true],
    [422, "invalid_input", false, true],
    [429, "rate_limited", true, true],
    [408, "provider_unavailable", true, undefined],
    [409, "provider_unavailable", true, undefined],
    [499, "provider_unavailable", true, undefined],
    [500, "provider_unavailable", true, undefined],
    [503, "provider_unavailable", true, undefined],
    [307, "provider_unavailable", true, undefined],
  ] as const)("[P2] [J5] a status of %i is %s", (status, code, retryable, notAccepted) => {
    const { ...classified } = classifyOutbound(new RefusedAnswer({ status, headers: {}, body: "secret" }, null));
    expect(classified).toMatchObject({ code, retryable });
    expect(classified.notAccepted).toBe(notAccepted);
    expect(JSON.stringify(classified)).not.toContain("secret");
  });

  it("reads Retry-After as seconds and as a date, and nothing else", () => {
    const read = (value: string | undefined) => parseRetryAfter(value, NOW);
    expect(["7", "0.5", new Date(NOW + 9_000).toUTCString(), new Date(NOW - 9_000).toUTCString()].map(read)).toEqual([
      7_000,
      500,
      9_000,
      null,
    ]);
    // No wait at all would spend every try at once.
    expect(["soon", "", "-3x", "0", undefined].map(read)).toEqual([null, null, null, null, null]);
    expect(read("99999999999")).toBe(24 * 3_600_000);
  });
});
