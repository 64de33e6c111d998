import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { StorageError } from "../storage/StorageError.ts";
import { openTestHttp } from "../testing/openTestHttp.ts";
import type { Storage } from "../storage/Storage.ts";
import type { TestHttpOptions } from "../testing/openTestHttp.ts";

const SIZE = 200_000;

async function withFile(ext = "mp4", options: TestHttpOptions = {}) {
  const http = await openTestHttp(options);
  const bytes = randomBytes(SIZE);
  const { key } = await http.studio.storage.put(Readable.from([bytes]), { ext, maxBytes: SIZE });
  const ask = (headers: Record<string, string> = {}, method: "GET" | "HEAD" = "GET", query = "") =>
    http.ask(`/media/${key}${query}`, { method, headers });
  return { ...http, bytes, key, ask, etag: `"${key}"` };
}

describe("media", () => {
  it.each([
    ["mp4", "video/mp4"],
    ["webm", "video/webm"],
    ["png", "image/png"],
    ["jpg", "image/jpeg"],
    ["webp", "image/webp"],
  ])("is served whole, for ever, and as what it is: %s", async (ext, mime) => {
    await using media = await withFile(ext);
    const answer = await media.ask();
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.equals(media.bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      "content-type": mime,
      "content-length": String(SIZE),
      "accept-ranges": "bytes",
      "cache-control": "private, max-age=31536000, immutable",
      etag: media.etag,
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
      "content-disposition": "inline",
    });
  });

  it.each([
    ["bytes=0-0", 0, 0],
    ["bytes=0-", 0, SIZE - 1],
    ["bytes=1000-70000", 1_000, 70_000],
    [`bytes=${SIZE - 1}-`, SIZE - 1, SIZE - 1],
    ["bytes=-5", SIZE - 5, SIZE - 1],
    [`bytes=100-${SIZE * 2}`, 100, SIZE - 1],
  ])("gives the range asked for: %s", async (range, start, end) => {
    await using media = await withFile();
    const answer = await media.ask({ range });
    expect(answer.statusCode).toBe(206);
    expect(answer.headers).toMatchObject({
      "content-range": `bytes ${start}-${end}/${SIZE}`,
      "content-length": String(end - start + 1),
      etag: media.etag,
    });
    expect(answer.rawPayload.equals(media.bytes.subarray(start, end + 1))).toBe(true);
  });

  it.each([`bytes=${SIZE}-`, "bytes=300000-400000"])("cannot satisfy %s, and says how long it is", async (range) => {
    await using media = await withFile();
    const answer = await media.ask({ range });
    expect([answer.statusCode, answer.headers["content-range"], answer.body]).toEqual([416, `bytes */${SIZE}`, ""]);
  });

  it.each(["bytes=abc", "lines=1-2", "bytes=0-9,100-109"])(
    "gives the whole for %s, which it does not do",
    async (range) => {
      await using media = await withFile();
      const answer = await media.ask({ range });
      expect(answer.statusCode).toBe(200);
      expect(answer.rawPayload.equals(media.bytes)).toBe(true);
    },
  );

  it("gives a range only of the file that the browser has a part of", async () => {
    await using media = await withFile();
    const same = await media.ask({ range: "bytes=0-9", "if-range": media.etag });
    const other = await media.ask({ range: "bytes=0-9", "if-range": '"another"' });
    expect([same.statusCode, other.statusCode]).toEqual([206, 200]);
    expect(other.rawPayload).toHaveLength(SIZE);
  });

  it("tells its size without its bytes", async () => {
    await using media = await withFile();
    const whole = await media.ask({}, "HEAD");
    expect([whole.statusCode, whole.headers["content-length"], whole.body]).toEqual([200, String(SIZE), ""]);
    const part = await media.ask({ range: "bytes=0-9" }, "HEAD");
    expect([part.statusCode, part.headers["content-length"], part.body]).toEqual([206, "10", ""]);
  });

  it("is not sent again to whoever has it", async () => {
    await using media = await withFile();
    for (const known of [media.etag, `W/${media.etag}`, `"x", ${media.etag}`, "*"]) {
      const answer = await media.ask({ "if-none-match": known });
      expect([known, answer.statusCode, answer.body]).toEqual([known, 304, ""]);
      expect(answer.headers).toMatchObject({ etag: media.etag, "cache-control": expect.stringMatching(/immutable/) });
    }
    expect((await media.ask({ "if-none-match": '"another"' })).statusCode).toBe(200);
  });

  it.each([
    ["", (key: string) => `attachment; filename=${key}`],
    ["A lighthouse", () => 'attachment; filename="A lighthouse.png"'],
    ["灯塔", () => "attachment; filename=\"??.png\"; filename*=UTF-8''%E7%81%AF%E5%A1%94.png"],
    ['x"; filename="y\r\nset-cookie: z=1', () => 'attachment; filename="x\\"; filename=\\"y__set-cookie: z=1.png"'],
    ["../../etc/passwd", () => "attachment; filename=.._.._etc_passwd.png"],
  ])("is saved as a file under the name that is asked for: %j", async (name, header) => {
    await using media = await withFile("png");
    const answer = await media.ask({}, "GET", `?download=${encodeURIComponent(name)}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-disposition"]).toBe(header(media.key));
    expect(answer.headers).not.toHaveProperty("set-cookie");
  });

  it.each([
    `/media/${"0".repeat(64)}.png`,
    "/media/reelstate.sqlite",
    "/media/..%2Freelstate.sqlite",
    "/media/..%2F..%2F..%2Fetc%2Fpasswd",
    "/media/%2e%2e%2freelstate.sqlite",
    "/media/../reelstate.sqlite",
    "/media/..%5Creelstate.sqlite",
    "/media/tmp",
    "/media/%00",
    "/media/",
  ])("is nothing but what has a key: %s", async (url) => {
    await using media = await withFile();
    await writeFile(join(media.studio.folder, "media", "reelstate.sqlite"), "secret");
    const answer = await http404(media, url);
    expect(answer.body).not.toMatch(/secret|SQLite|root:/);
    expect(answer.headers["cache-control"] ?? "no-store").toBe("no-store");
  });

  const http404 = async (media: Awaited<ReturnType<typeof withFile>>, url: string) => {
    const answer = await media.app.inject({ url, headers: { host: "localhost" } });
    expect(answer.statusCode).toBe(404);
    return answer;
  };

  const broken: readonly [how: string, status: number, get: Storage["get"]][] = [
    ["is gone", 404, async () => null],
    ["cannot be opened", 500, async () => ({ body: createReadStream("/nowhere/at/all"), bytes: SIZE })],
    ["cannot be asked for", 500, () => Promise.reject(new Error("disk away"))],
    ["lies where nobody answers", 503, () => Promise.reject(new StorageError("unreachable", "It is away."))],
  ];
  it.each(broken)("that %s when it is sent is not remembered so for ever", async (_how, status, get) => {
    await using media = await withFile("mp4", { wrapStorage: (storage) => ({ ...storage, get }) });
    const { statusCode, headers, body } = await media.ask({ range: "bytes=0-9" });
    expect([statusCode, headers["cache-control"]]).toEqual([status, "no-store"]);
    expect(headers["content-type"]).toMatch(/^application\/json/);
    for (const name of ["etag", "content-range"]) expect(headers).not.toHaveProperty(name);
    expect(JSON.parse(body)).toHaveProperty("error.message", expect.not.stringMatching(/nowhere|disk/));
  });

  it("does not stay open behind a browser that seeks away", async () => {
    const bodies: Readable[] = [];
    await using media = await withFile("mp4", {
      wrapStorage: (storage) => ({
        ...storage,
        get: async (key, range) => {
          const found = await storage.get(key, range);
          if (found !== null) bodies.push(found.body);
          return found;
        },
      }),
    });
    const big = randomBytes(8_000_000);
    const { key } = await media.studio.storage.put(Readable.from([big]), { ext: "mp4", maxBytes: big.length });
    const url = await media.app.listen({ port: 0, host: "127.0.0.1" });
    const seeking = new AbortController();
    const answer = await fetch(`${url}/media/${key}`, { signal: seeking.signal });
    expect(answer.status).toBe(200);
    seeking.abort();
    for (const end = Date.now() + 3_000; bodies[0]?.destroyed !== true && Date.now() < end;) await wait(10);
    expect(bodies[0]?.destroyed).toBe(true);
    expect((await readFile(join(media.studio.folder, "media", key.slice(0, 2), key))).equals(big)).toBe(true);
  });
});
