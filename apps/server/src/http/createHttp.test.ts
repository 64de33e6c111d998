import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { openTestHttp } from "../testing/openTestHttp.ts";
import { temporaryFolder } from "../testing/temporaryFolder.ts";
import { securityHeaders } from "./securityHeaders.ts";

const JSON_TYPE = { "content-type": "application/json" };
const create = (input: unknown, headers: Record<string, string> = {}) =>
  ({ method: "POST", payload: JSON.stringify(input), headers: { ...JSON_TYPE, ...headers } }) as const;
const FOG = { type: "image", prompt: "fog", model: "sim/image" };

describe("every answer", () => {
  it.each([
    ["a check", "/healthz", 200, {}],
    ["a procedure", "/trpc/models.list", 200, {}],
    ["a procedure that is not there", "/trpc/models.steal", 404, {}],
    ["a procedure asked wrongly", "/trpc/assets.get?input=%7B%7D", 400, {}],
    ["a body that is no JSON", "/trpc/assets.create", 400, { method: "POST", payload: "{", headers: JSON_TYPE }],
    [
      "a body that is too large",
      "/trpc/assets.create",
      413,
      { method: "POST", payload: `"${"x".repeat(1_100_000)}"`, headers: JSON_TYPE },
    ],
    ["nothing there", "/nothing", 404, {}],
    ["a method that is not taken", "/healthz", 404, { method: "DELETE" }],
    ["a URL that cannot be read", "/media/%zz", 400, {}],
    ["another name", "/trpc/models.list", 421, { headers: { host: "evil.example" } }],
    ["another origin", "/uploads", 403, { method: "POST", headers: { origin: "https://evil.example" } }],
  ] as const)("carries the security headers: %s", async (_what, url, status, more) => {
    await using http = await openTestHttp();
    const answer = await http.ask(url, more);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject(securityHeaders(null));
    expect(answer.body).not.toMatch(/node_modules|apps\/server|\n\s+at /);
  });

  it("allows scripts, styles and connections only of this studio", () => {
    const policy = securityHeaders(null)["content-security-policy"] ?? "";
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    const withBucket = securityHeaders("https://media.example")["content-security-policy"] ?? "";
    expect(withBucket.split("; ").filter((rule) => rule.includes("https://media.example"))).toEqual([
      "img-src 'self' blob: https://media.example",
      "media-src 'self' blob: https://media.example",
    ]);
    expect(withBucket.replaceAll(" https://media.example", "")).toBe(policy);
  });
});

describe("who may ask", () => {
  it.each(["localhost:4600", "127.0.0.1:4600", "[::1]:4600", "LOCALHOST"])("answers to %s", async (host) => {
    await using http = await openTestHttp();
    expect((await http.ask("/healthz", { headers: { host } })).statusCode).toBe(200);
  });

  it.each(["evil.example", "127.0.0.1.evil.example:4600", "localhost.", "0.0.0.0:4600"])(
    "does not answer to %j, which may point here without being us",
    async (host) => {
      await using http = await openTestHttp();
      const answer = await http.ask("/trpc/models.list", { headers: { host } });
      expect(answer.statusCode).toBe(421);
      expect(answer.json<{ error: { message: string } }>().error.message).toMatch(/PUBLIC_URL/);
    },
  );

  it.each(["HTTP/1.0\r\n\r\n", "HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"])(
    "does not answer to a request without a name: %j",
    async (rest) => {
      await using http = await openTestHttp();
      const url = new URL(await http.app.listen({ port: 0, host: "127.0.0.1" }));
      const socket = connect(Number(url.port), url.hostname);
      socket.write(`GET /trpc/models.list ${rest}`);
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /);
    },
  );

  it.each([
    [{ origin: "http://127.0.0.1:4600" }, 200],
    [{ origin: "http://127.0.0.1:4600", "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "none" }, 200],
    [{}, 200],
    [{ origin: "http://127.0.0.1:9999" }, 403],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
  ])("answers a post with %j: %i", async (headers, status) => {
    await using http = await openTestHttp();
    const answer = await http.ask("/trpc/projects.create", create({ name: "Trailer" }, headers));
    expect(answer.statusCode).toBe(status);
    const projects = await http.studio.api.projects.list();
    expect(projects.map(({ name }) => name)).toEqual(status === 200 ? ["Studio", "Trailer"] : ["Studio"]);
  });

  it("does not take a mutation that a foreign page posted as a plain form, which browsers send without asking", async () => {
    await using http = await openTestHttp();
    for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
      const answer = await http.ask(
        "/trpc/projects.create",
        create({ name: "Theirs" }, { ...headers, "content-type": "text/plain" }),
      );
      expect(answer.statusCode).toBe(403);
    }
    const asked = await http.ask(`/trpc/projects.create?input=${encodeURIComponent('{"name":"Theirs"}')}`);
    expect(asked.statusCode).toBe(405);
    expect(await http.studio.api.projects.list()).toHaveLength(1);
  });

  it("takes posts from the address that people see when a proxy stands before it", async () => {
    await using http = await openTestHttp({ publicOrigin: "https://studio.example" });
    const take = (host: string, origin: string) =>
      http.ask("/trpc/projects.create", create({ name: "Trailer" }, { host, origin }));
    expect((await take("127.0.0.1:4600", "https://studio.example")).statusCode).toBe(200);
    expect((await take("studio.example", "https://studio.example")).statusCode).toBe(200);
    expect((await take("studio.example", "https://other.example")).statusCode).toBe(403);
    expect((await take("other.example", "https://studio.example")).statusCode).toBe(421);
  });
});

describe("procedures over HTTP", () => {
  interface Failed {
    readonly error: { readonly message: string; readonly data: Record<string, unknown> };
  }

  it("name the field of what cannot be read", async () => {
    await using http = await openTestHttp();
    const answer = await http.ask("/trpc/assets.create", create({ ...FOG, params: { seed: -1 } }));
    expect(answer.statusCode).toBe(400);
    const { message, data } = answer.json<Failed>().error;
    expect(message).toBe("params.seed: must be a whole number from 0 to 4294967295");
    expect(data).toEqual({ code: "BAD_REQUEST", httpStatus: 400, why: "invalid_input", field: "params.seed" });
  });

  it("[C1] refuse with 402 and how much is missing, and create nothing", async () => {
    await using http = await openTestHttp({ grant: 5 });
    const answer = await http.ask("/trpc/assets.create", create(FOG));
    expect(answer.statusCode).toBe(402);
    expect(answer.json<Failed>().error.data).toMatchObject({ why: "insufficient_credits", short: 1 });
    expect(http.studio.rows("SELECT id FROM asset")).toEqual([]);
  });

  it("[J11] answer 409 with the asset as it is", async () => {
    await using http = await openTestHttp();
    const { id } = await http.studio.create();
    const answer = await http.ask("/trpc/assets.retry", create({ id }));
    expect(answer.statusCode).toBe(409);
    expect(answer.json<Failed>().error.data).toMatchObject({ asset: { id, status: "pending" } });
  });

  it("say of a bug only that it was one, and log it whole", async () => {
    const secret = "SELECT key FROM secrets WHERE token = 'hunter2'";
    await using http = await openTestHttp({
      wrapPorts: (ports) => ({ ...ports, models: { list: () => Promise.reject(new Error(secret)) } }),
      wrapStorage: (storage) => ({ ...storage, head: () => Promise.reject(new Error(secret)) }),
    });
    for (const url of ["/trpc/models.list", `/media/${"a".repeat(64)}.png`]) {
      const answer = await http.ask(url);
      expect(answer.statusCode).toBe(500);
      expect(answer.body).not.toMatch(/hunter2|secrets| at /);
      expect(answer.body).toMatch(/It has been logged/);
    }
    expect(http.studio.lines.filter(({ level }) => level === 50)).toHaveLength(2);
    expect(JSON.stringify(http.studio.lines)).toMatch(/hunter2/);
  });

  it("[E2] stream the feed as server-sent events, each under its seq", async () => {
    await using http = await openTestHttp();
    await http.studio.create();
    const url = await http.app.listen({ port: 0, host: "127.0.0.1" });
    const stop = new AbortController();
    const input = encodeURIComponent(JSON.stringify({ after: 0 }));
    const answer = await fetch(`${url}/trpc/events.live?input=${input}`, { signal: stop.signal });
    expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-encoding")).toBeNull();
    let said = "";
    for await (const chunk of answer.body ?? []) {
      said += Buffer.from(chunk).toString();
      if (said.includes('"kind":"transition"')) break;
    }
    stop.abort();
    expect(said).toMatch(/id: 1\b/);
    expect(said.indexOf('"kind":"head"')).toBeLessThan(said.indexOf('"kind":"transition"'));
  });
});

describe("checks", () => {
  it("say healthy while the process answers, and ready while the studio can work", async () => {
    let down = false;
    await using http = await openTestHttp({
      ready: () => (down ? Promise.reject(new Error("disk away")) : Promise.resolve()),
    });
    expect((await http.ask("/readyz")).json()).toEqual({ ok: true });
    down = true;
    const answer = await http.ask("/readyz");
    expect([answer.statusCode, answer.json()]).toEqual([503, { ok: false, why: "disk away" }]);
    expect((await http.ask("/healthz")).json()).toEqual({ ok: true });
    // What looks after it asks by address: yes or no, and nothing more.
    const headers = { host: "10.1.2.3:4600" };
    const byAddress = await http.ask("/readyz", { headers });
    expect([byAddress.statusCode, byAddress.json()]).toEqual([503, { ok: false }]);
    expect((await http.ask("/healthz", { headers })).statusCode).toBe(200);
  });
});

describe("the page", () => {
  it("is served for page requests of any address, its hashed files for ever, and nothing else", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "assets"));
    await writeFile(join(folder.path, "index.html"), "<!doctype html><title>Reelstate</title>");
    await writeFile(join(folder.path, "assets", "app-1a2b.js"), "export {}");
    await using http = await openTestHttp({ webRoot: `${folder.path}/` });
    const page = { accept: "text/html,application/xhtml+xml" };
    for (const url of ["/", "/assets/01a2", "/projects/x/deep"]) {
      const answer = await http.ask(url, { headers: page });
      expect([url, answer.statusCode, answer.headers["cache-control"]]).toEqual([url, 200, "no-cache"]);
      expect(answer.body).toMatch(/<title>Reelstate/);
      expect(answer.headers).toMatchObject(securityHeaders(null));
    }
    const script = await http.ask("/assets/app-1a2b.js", { headers: { accept: "*/*" } });
    expect([script.statusCode, script.headers["cache-control"]]).toEqual([200, "public, max-age=31536000, immutable"]);
    for (const [url, more] of [
      ["/assets/gone-9f.js", { headers: { accept: "*/*" } }],
      ["/api/thing", {}],
      ["/x", { method: "POST", headers: page }],
      ["/trpc/nothing.there", { headers: page }],
      ["/../package.json", {}],
    ] as const) {
      expect([url, (await http.ask(url, more)).statusCode]).toEqual([url, 404]);
    }
  });

  it("says how to build it when it is not there", async () => {
    await using http = await openTestHttp();
    const answer = await http.ask("/", { headers: { accept: "text/html" } });
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toMatch(/pnpm build/);
  });
});
