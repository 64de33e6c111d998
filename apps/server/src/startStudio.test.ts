import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, rm } from "node:fs/promises";
import { request } from "node:http";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import { pino } from "pino";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { parseConfig } from "./config.ts";
import { explainStart } from "./explainStart.ts";
import { doctor } from "./health/doctor.ts";
import { startStudio } from "./startStudio.ts";
import { useS3Server } from "./testing/openTestBucket.ts";
import { temporaryFolder } from "./testing/temporaryFolder.ts";
import type { IncomingMessage } from "node:http";
import type { Asset } from "@reelstate/lifecycle";
import type { RunningStudio } from "./startStudio.ts";

const silent = pino({ level: "silent" });
const start = (dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<RunningStudio> =>
  startStudio(parseConfig({ DATA_DIR: dataDir, PORT: "0", DRAIN_MS: "0", REELSTATE_SIMULATOR: "1", ...env }), silent);

async function call<T>(studio: RunningStudio, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(
    `${studio.url}${path}`,
    body === undefined
      ? {}
      : { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } },
  );
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { readonly result: { readonly data: T } }).result.data;
}

const get = (studio: RunningStudio, id: string): Promise<Asset> =>
  call(studio, `/trpc/assets.get?input=${encodeURIComponent(JSON.stringify({ id }))}`);

function opened(file: string) {
  const db = new Sqlite(file);
  return {
    read: (sql: string) => db.prepare(sql).all(),
    exec: (sql: string) => void db.exec(sql),
    [Symbol.dispose]: () => void db.close(),
  };
}

describe("a studio", () => {
  it("starts, works, stops, and goes on where it stopped when it is started again", async () => {
    await using folder = await temporaryFolder();
    const first = await start(folder.path);
    const params = { script: { queueMs: 0, runMs: 800 } };
    const input = { type: "image", prompt: "fog", model: "sim/image", params };
    const [asset] = (await call<{ assets: Asset[] }>(first, "/trpc/assets.create", input)).assets;
    const id = asset?.id ?? "";
    while ((await get(first, id)).liveJob?.phase !== "at_provider") await wait(10);
    await first.stop();
    await expect(fetch(first.url)).rejects.toThrow("fetch failed");

    const second = await start(folder.path);
    while ((await get(second, id)).liveJob !== null) await wait(20);
    const ended = await get(second, id);
    await second.stop();
    expect(ended).toMatchObject({ status: "completed", lastJob: { charged: 6 } });
  });

  it("[P7] holds its providers to what they take at once, and a folder of before to what they take now", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "reelstate.sqlite");
    const slots = () => {
      using db = opened(file);
      return db.read("SELECT pool, count(*) AS size FROM slot GROUP BY pool");
    };
    await (await start(folder.path)).stop();
    const limited = [{ pool: "provider/local", size: availableParallelism() > 2 ? 2 : 1 }];
    expect(slots()).toEqual(limited);
    {
      using db = opened(file);
      db.exec("DELETE FROM slot; INSERT INTO slot (pool, number) VALUES ('provider/local', 7), ('model/old', 1)");
    }
    await (await start(folder.path)).stop();
    expect(slots()).toEqual(limited);
  });

  it("lets a request end that is being answered when it is stopped, and ends live streams at once", async () => {
    await using folder = await temporaryFolder();
    const studio = await start(folder.path, { DRAIN_MS: "20000" });
    const { hostname, port } = new URL(studio.url);
    const live = await fetch(`${studio.url}/trpc/events.live`);
    const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: "teal" } })
      .png()
      .toBuffer();
    const upload = request({ hostname, port, path: "/uploads?name=slow", method: "POST", agent: false });
    upload.setHeader("content-type", "image/png");
    upload.setHeader("content-length", picture.length);
    const answered = once(upload, "response") as Promise<[IncomingMessage]>;
    upload.write(picture.subarray(0, 20));
    // Until the studio has begun to take it; longer harms nothing.
    await wait(200);
    const stopped = studio.stop();
    await live.text();
    upload.end(picture.subarray(20));
    const [answer] = await answered;
    expect(answer.statusCode).toBe(200);
    answer.resume();
    await stopped;
  });

  it("is ready while its database takes writes, and says why when it does not", async () => {
    await using folder = await temporaryFolder();
    const studio = await start(folder.path);
    const ready = async () => {
      const answer = await fetch(`${studio.url}/readyz`);
      return [answer.status, await answer.json()];
    };
    const db = new Sqlite(join(folder.path, "reelstate.sqlite"));
    expect(await ready()).toEqual([200, { ok: true }]);
    db.exec("CREATE TRIGGER away BEFORE UPDATE ON feed_boot BEGIN SELECT RAISE(ABORT, 'the disk is away'); END");
    expect(await ready()).toEqual([503, { ok: false, why: "the disk is away" }]);
    db.exec("DROP TRIGGER away");
    expect(await ready()).toEqual([200, { ok: true }]);
    db.close();
    await studio.stop();
  });

  it("starts on a database that has lost an index, makes it again and says so", async () => {
    await using folder = await temporaryFolder();
    await (await start(folder.path)).stop();
    const file = join(folder.path, "reelstate.sqlite");
    const db = new Sqlite(file);
    db.exec("DROP INDEX job_queued");
    const said: unknown[] = [];
    const log = pino({ level: "warn", base: null }, { write: (line) => void said.push(JSON.parse(line)) });
    const config = parseConfig({ DATA_DIR: folder.path, PORT: "0", DRAIN_MS: "0" });
    await (await startStudio(config, log)).stop();
    expect(said).toMatchObject([{ names: ["job_queued"], msg: expect.stringContaining("made again") }]);
    expect(db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'job_queued'").pluck().get()).toBe(1);
    db.close();
  });

  it("does not start twice on one folder, and lets go of everything it had opened when it cannot start", async () => {
    await using folder = await temporaryFolder();
    const first = await start(folder.path);
    await expect(start(folder.path)).rejects.toMatchObject({ name: "DataDirInUse" });
    const taken = new URL(first.url).port;
    await using other = await temporaryFolder();
    const config = parseConfig({ DATA_DIR: other.path, PORT: taken });
    await expect(startStudio(config, silent)).rejects.toMatchObject({ code: "EADDRINUSE" });
    // The folder is free: nothing of the failed start holds it.
    await (await start(other.path)).stop();
    await first.stop();
    await (await start(folder.path)).stop();
  });
});

describe("a studio whose media lies in a bucket", () => {
  const server = useS3Server();

  it("[J4] [A5] [K1] makes a picture, serves it, looks through its files, and goes on with it when started again", async () => {
    await using folder = await temporaryFolder();
    const env = { STORAGE_URL: `s3://${server().bucket}/films`, S3_ENDPOINT: server().endpoint };
    const said: string[] = [];
    const ask = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
      doctor(args, { ...env, DATA_DIR: folder.path, ...more }, { say: (line) => said.push(line), progress: () => {} });
    const first = await start(folder.path, env);
    const params = { script: { queueMs: 0, runMs: 0 } };
    const input = { type: "image", prompt: "fog", model: "sim/image", params };
    const [asset] = (await call<{ assets: Asset[] }>(first, "/trpc/assets.create", input)).assets;
    const id = asset?.id ?? "";
    while ((await get(first, id)).liveJob !== null) await wait(20);
    expect(await readdir(folder.path)).not.toContain("media");
    expect(await ask(["--deep"])).toBe(0);
    expect(await ask([], { STORAGE_URL: "s3://another-one" })).toBe(2);
    expect(said).toEqual([
      "Everything holds.",
      expect.stringContaining("does not exist. Create it, or set STORAGE_URL"),
    ]);
    await first.stop();

    const second = await start(folder.path, env);
    const ended = await get(second, id);
    const media = ended.currentVersion.media;
    expect(ended.status).toBe("completed");
    for (const path of [media?.url, media?.posterUrl, media?.thumbUrl]) {
      const answer = await fetch(`${second.url}${path}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(answer.headers.get("cache-control")).toContain("immutable");
      expect(path).toContain(createHash("sha256").update(bytes).digest("hex"));
    }
    const part = await fetch(`${second.url}${media?.url}`, { headers: { range: "bytes=-5" } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 5]);
    const key = media?.url.replace("/media/", "films/") ?? "";
    await rm(server().pathOf(key));
    expect((await fetch(`${second.url}${media?.url}`)).status).toBe(404);
    expect(await ask([])).toBe(2);
    await second.stop();
  });

  it("sends browsers to the bucket when it is told to, for a file as for a part of one", async () => {
    await using folder = await temporaryFolder();
    const bucket = { STORAGE_URL: `s3://${server().bucket}/signed`, S3_ENDPOINT: server().endpoint };
    const studio = await start(folder.path, { ...bucket, MEDIA_READS: "signed" });
    const picture = await sharp({ create: { width: 30, height: 20, channels: 3, background: "#246" } })
      .png()
      .toBuffer();
    const uploaded = await fetch(`${studio.url}/uploads`, { method: "POST", body: picture });
    const { asset } = (await uploaded.json()) as { readonly asset: Asset };
    const url = `${studio.url}${asset.currentVersion.media?.url}`;
    const sent = await fetch(url, { redirect: "manual" });
    expect([sent.status, sent.headers.get("cache-control")]).toEqual([302, "no-store"]);
    for (const name of ["etag", "accept-ranges"]) expect(sent.headers.get(name)).toBeNull();
    const page = (await fetch(`${studio.url}/healthz`)).headers.get("content-security-policy");
    expect(page).toContain(`img-src 'self' blob: ${server().endpoint};`);
    const place = sent.headers.get("location") ?? "";
    expect(place.startsWith(`${server().endpoint}/${server().bucket}/signed/`)).toBe(true);
    const whole = await fetch(url);
    expect(whole.url).toBe(place);
    expect((await whole.arrayBuffer()).byteLength).toBe(asset.currentVersion.media?.bytes);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      "content-type": "image/png",
      "content-disposition": "inline",
      "cache-control": "private, max-age=31536000, immutable",
    });
    const part = await fetch(url, { headers: { range: "bytes=10-19" } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    const saved = await fetch(`${url}?download=${encodeURIComponent("灯塔")}`);
    expect(saved.headers.get("content-disposition")).toContain("filename*=UTF-8''%E7%81%AF%E5%A1%94.png");
    const head = await fetch(url, { method: "HEAD", redirect: "manual" });
    expect([head.status, head.headers.get("etag")]).toEqual([200, `"${asset.currentVersion.media?.url.slice(7)}"`]);
    const known = await fetch(url, { headers: { "if-none-match": head.headers.get("etag") ?? "" } });
    expect(known.status).toBe(304);
    const none = await fetch(`${studio.url}/media/${"0".repeat(64)}.png`, { redirect: "manual" });
    expect(none.status).toBe(404);
    await studio.stop();
  });

  it("does not start without its bucket, and says what to change", async () => {
    await using folder = await temporaryFolder();
    const env = { STORAGE_URL: "s3://another-one", S3_ENDPOINT: server().endpoint };
    const refused = await start(folder.path, env).catch(explainStart);
    expect(refused).toMatch(/^The bucket "another-one".*does not exist\. Create it, or set STORAGE_URL/);
    await (await start(folder.path)).stop();
  });
});
