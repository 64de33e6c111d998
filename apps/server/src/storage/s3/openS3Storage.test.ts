import { spawn } from "node:child_process";
import { once } from "node:events";
import { createHash, randomBytes } from "node:crypto";
import { readdir, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { S3Client, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { openTestBucket, useS3Server } from "../../testing/openTestBucket.ts";
import { storageContract } from "../../testing/storageContract.ts";
import { openS3Storage } from "./openS3Storage.ts";
import { PART_BYTES } from "./uploadFile.ts";
import type { SeenRequest } from "../../testing/openS3Server.ts";
import type { Storage } from "../Storage.ts";

const server = useS3Server();

storageContract(() => openTestBucket(server()));

const put = (storage: Storage, bytes: Buffer, signal?: AbortSignal) =>
  storage.put(Readable.from(chunksOf(bytes)), { ext: "mp4", maxBytes: 100_000_000, signal });

function* chunksOf(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

async function read(storage: Storage, key: string): Promise<Buffer | null> {
  const found = await storage.get(key);
  return found === null ? null : buffer(found.body);
}

async function keysOf(storage: Storage): Promise<readonly string[]> {
  const keys = [];
  for await (const { key } of storage.list()) keys.push(key);
  return keys.toSorted();
}

const isPart = ({ method, url }: SeenRequest): boolean => method === "PUT" && url.includes("partNumber=");
const isCompletion = ({ method, url }: SeenRequest): boolean => method === "POST" && url.includes("uploadId=");

/** A promise that a fault waits for. */
function hold(on: (request: SeenRequest) => boolean): { readonly reached: Promise<void>; readonly goOn: () => void } {
  const reached = Promise.withResolvers<void>();
  const { promise, resolve } = Promise.withResolvers<void>();
  server().fail(
    (request) => {
      if (!on(request)) return false;
      reached.resolve();
      return true;
    },
    { hold: promise },
  );
  return { reached: reached.promise, goOn: resolve };
}

describe("a storage in a bucket", () => {
  it.each([
    ["one byte less than a part", PART_BYTES - 1, 0],
    ["a part", PART_BYTES, 0],
    ["one byte more than a part", PART_BYTES + 1, 2],
    ["two parts and one byte", 2 * PART_BYTES + 1, 3],
    ["30 MiB", 30 * 1024 * 1024, 6],
  ])("keeps every byte of %s", async (_size, bytes, parts) => {
    await using bucket = await openTestBucket(server());
    const since = server().requests.length;
    const given = randomBytes(bytes);
    const { key } = await put(bucket.storage, given);
    expect((await read(bucket.storage, key))?.equals(given)).toBe(true);
    const sent = server()
      .requests.slice(since)
      .filter(({ method }) => method === "PUT");
    expect(sent.filter(isPart)).toHaveLength(parts);
    expect(Math.max(...sent.map(({ headers }) => Number(headers["content-length"])))).toBeLessThanOrEqual(PART_BYTES);
    expect(await bucket.leftovers()).toBe(0);
  });

  it("keeps large bytes once that come three times at once", async () => {
    await using bucket = await openTestBucket(server());
    const given = randomBytes(PART_BYTES + 1);
    const files = await Promise.all([1, 2, 3].map(() => put(bucket.storage, given)));
    expect(await keysOf(bucket.storage)).toEqual([files[0]?.key]);
    expect((await read(bucket.storage, files[0]?.key ?? ""))?.equals(given)).toBe(true);
    expect(await bucket.leftovers()).toBe(0);
  });

  it("takes back the parts of what is broken off half way, and shows nothing of it", async () => {
    await using bucket = await openTestBucket(server());
    const stop = new AbortController();
    const wish = new Error("Its attempt is over.");
    const last = hold(({ url }) => url.includes("partNumber=2"));
    const putting = put(bucket.storage, randomBytes(2 * PART_BYTES), stop.signal);
    await last.reached;
    expect(await server().uploads(bucket.prefix)).toHaveLength(1);
    stop.abort(wish);
    await expect(putting).rejects.toBe(wish);
    expect(await bucket.leftovers()).toBe(0);
    expect(await keysOf(bucket.storage)).toEqual([]);
    last.goOn();
  });

  it("takes back what is under way when it is closed", async () => {
    await using bucket = await openTestBucket(server());
    const completion = hold(isCompletion);
    const flaw = put(bucket.storage, randomBytes(2 * PART_BYTES)).catch((error: unknown) => error);
    await completion.reached;
    await bucket.storage.close();
    expect(await flaw).toMatchObject({ name: "StorageError" });
    completion.goOn();
    expect(await bucket.leftovers()).toBe(0);
  });

  it("[J4] shows nothing of a file whose process is killed before all of it is there; what is left is taken back", async () => {
    await using bucket = await openTestBucket(server());
    const completion = hold(isCompletion);
    const child = spawn(process.execPath, ["--input-type=module", "-e", PUT_SIX_MEGABYTES], {
      env: { ...process.env, SETTINGS: JSON.stringify(bucket.settings), WORK_DIR: bucket.workDir },
      stdio: "inherit",
    });
    await completion.reached;
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await keysOf(bucket.storage)).toEqual([]);
    expect(await bucket.leftovers()).toBe(2);
    expect(await bucket.storage.removeLeftovers(Date.now() - 3_600_000)).toBe(0);
    expect(await bucket.storage.removeLeftovers(Date.now() + 60_000)).toBe(2);
    expect(await bucket.leftovers()).toBe(0);
    // The killed one's completion, on its way all the time, finds nothing to complete.
    completion.goOn();
    const again = Buffer.alloc(6_000_000, 7);
    const { key } = await put(bucket.storage, again);
    expect((await read(bucket.storage, key))?.equals(again)).toBe(true);
    expect(await keysOf(bucket.storage)).toEqual([key]);
  });

  it("empties its own folder when it is opened", async () => {
    await using bucket = await openTestBucket(server());
    for (const folder of ["spool", "copies"]) await writeFile(join(bucket.workDir, folder, "half"), "half");
    await (await openS3Storage(bucket.settings, { workDir: bucket.workDir })).close();
    expect(await readdir(join(bucket.workDir, "spool"))).toEqual([]);
    expect(await readdir(join(bucket.workDir, "copies"))).toEqual([]);
  });

  it("lists page by page what is its own, and nothing else that lies in the bucket", async () => {
    await using bucket = await openTestBucket(server(), { pageSize: 2 });
    const files = await Promise.all([1, 2, 3, 4, 5].map((size) => put(bucket.storage, randomBytes(size))));
    const { prefix, settings } = bucket;
    const client = new S3Client({ endpoint: server().endpoint, region: "us-east-1", forcePathStyle: true });
    const [{ key } = { key: "" }] = files;
    for (const name of [`${prefix}readme.txt`, `${prefix}more/${key}`, `other/${key}`, prefix.slice(0, -1)])
      await client.send(new PutObjectCommand({ Bucket: settings.bucket, Key: name, Body: "something else" }));
    client.destroy();
    const since = server().requests.length;
    expect(await keysOf(bucket.storage)).toEqual(files.map((file) => file.key).toSorted());
    expect(server().requests.length - since).toBe(3);
  });

  it("[A8] keeps a file that was put again a moment ago, however old the first one was", async () => {
    await using bucket = await openTestBucket(server());
    const given = randomBytes(100);
    const { key } = await put(bucket.storage, given);
    const yesterday = Date.now() / 1000 - 25 * 3_600;
    await utimes(server().pathOf(`${bucket.prefix}${key}`), yesterday, yesterday);
    const since = Date.now() - 24 * 3_600_000;
    await put(bucket.storage, given);
    expect(await bucket.storage.deleteUntouched(key, since)).toBe(false);
  });

  it("[A8] keeps a file that is put again while the one of yesterday is taken away", async () => {
    await using bucket = await openTestBucket(server());
    const given = randomBytes(100);
    const { key } = await put(bucket.storage, given);
    const deletion = hold(({ method }) => method === "DELETE");
    const removing = bucket.storage.deleteUntouched(key, Number.POSITIVE_INFINITY);
    await deletion.reached;
    const putting = put(bucket.storage, given);
    // Where nothing holds it back it ends now, and the deletion comes after it; where it has to wait its turn, it waits.
    await Promise.race([putting, wait(300)]);
    deletion.goOn();
    expect(await removing).toBe(true);
    await putting;
    expect(await read(bucket.storage, key)).toEqual(given);
  });

  it("sends nothing but plain letters, and no word of anybody's besides the key", async () => {
    await using bucket = await openTestBucket(server());
    const since = server().requests.length;
    const { key } = await put(bucket.storage, Buffer.from("灯塔在雾中 – un phare dans la brume"));
    await put(bucket.storage, randomBytes(PART_BYTES + 1));
    await keysOf(bucket.storage);
    for (const { url, headers } of server().requests.slice(since)) {
      expect(JSON.stringify([url, headers])).toMatch(/^[\u0020-\u007E]*$/);
      expect(Object.keys(headers).filter((name) => name.startsWith("x-amz-meta"))).toEqual([]);
    }
    expect(key).toMatch(/^[0-9a-f]{64}\.mp4$/);
  });

  it("signs what it sends with the hash of its bytes, so that a store notices what changed on its way", async () => {
    await using bucket = await openTestBucket(server());
    const since = server().requests.length;
    const { sha256 } = await put(bucket.storage, randomBytes(1_000));
    const sent = server()
      .requests.slice(since)
      .find(({ method }) => method === "PUT");
    expect(sent?.headers["x-amz-content-sha256"]).toBe(sha256);
    // Not every store knows checksums of another kind, and one that does not may keep them as a part of the file.
    const others = /^(x-amz-(checksum|trailer|sdk-checksum)|content-encoding)/;
    expect(Object.keys(sent?.headers ?? {}).filter((name) => others.test(name))).toEqual([]);
  });

  it("does not store a file that changed on the studio's own disk", async () => {
    await using bucket = await openTestBucket(server());
    const begun = hold(({ method, url }) => method === "POST" && url.includes("uploads"));
    const flaw = put(bucket.storage, randomBytes(4 * PART_BYTES)).catch((error: unknown) => error);
    await begun.reached;
    const [name = ""] = await readdir(join(bucket.workDir, "spool"));
    await truncate(join(bucket.workDir, "spool", name), 3 * PART_BYTES + 7);
    begun.goOn();
    expect(await flaw).toMatchObject({ message: expect.stringContaining("A file changed on the studio's disk") });
    expect(await keysOf(bucket.storage)).toEqual([]);
    expect(await bucket.leftovers()).toBe(0);
  });

  it("takes away again what the bucket kept only in part", async () => {
    await using bucket = await openTestBucket(server());
    const look = hold(({ method }) => method === "HEAD");
    const given = randomBytes(1_000);
    const flaw = put(bucket.storage, given).catch((error: unknown) => error);
    await look.reached;
    const key = `${createHash("sha256").update(given).digest("hex")}.mp4`;
    await truncate(server().pathOf(`${bucket.prefix}${key}`), 500);
    look.goOn();
    expect(await flaw).toMatchObject({ name: "StorageError", reason: "broken" });
    expect(await keysOf(bucket.storage)).toEqual([]);
  });
});

const PUT_SIX_MEGABYTES = `
  import { Readable } from "node:stream";
  import { openS3Storage } from ${JSON.stringify(new URL("./openS3Storage.ts", import.meta.url).href)};
  const storage = await openS3Storage(JSON.parse(process.env.SETTINGS), { workDir: process.env.WORK_DIR });
  const chunks = Array.from({ length: 6 }, () => Buffer.alloc(1_000_000, 7));
  await storage.put(Readable.from(chunks), { ext: "mp4", maxBytes: 20_000_000 });
`;
