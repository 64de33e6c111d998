import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { openTestBucket, useS3Server } from "../../testing/openTestBucket.ts";
import { PART_BYTES } from "./uploadFile.ts";
import type { Fault, SeenRequest } from "../../testing/openS3Server.ts";
import type { Storage } from "../Storage.ts";

/*
 * A bucket behind a bad network: what is asked again until it works, and what is said when it does not.
 */

const server = useS3Server();
const open = () => openTestBucket(server(), { patience: { connectMs: 1_000, idleMs: 5_000, attempts: 3 } });
/** The same objects, for somebody who does not wait long for a silent connection. */
const openHasty = ({ settings }: Awaited<ReturnType<typeof open>>) =>
  openTestBucket(
    { ...server(), settings: () => settings },
    { patience: { connectMs: 1_000, idleMs: 400, attempts: 9 } },
  );

const put = (storage: Storage, bytes: Buffer) =>
  storage.put(Readable.from([bytes]), { ext: "mp4", maxBytes: 100_000_000 });
const read = async (storage: Storage, key: string, range?: { start: number; end: number }) => {
  const found = await storage.get(key, range);
  return found === null ? null : buffer(found.body);
};
/** How many bytes came. */
const readBytes = async (storage: Storage, key: string) => (await read(storage, key))?.length;
async function keysOf(storage: Storage): Promise<readonly string[]> {
  const keys = [];
  for await (const { key } of storage.list()) keys.push(key);
  return keys;
}

const REQUESTS = {
  "the file in one piece": ({ method, url }) => method === "PUT" && !url.includes("partNumber="),
  "the beginning of an upload": ({ method, url }) => method === "POST" && url.includes("uploads"),
  "a part": ({ url }) => url.includes("partNumber=2"),
  "the completion": ({ method, url }) => method === "POST" && url.includes("uploadId="),
  "the look": ({ method }) => method === "HEAD",
  "a read": ({ method, url }) => method === "GET" && !url.includes("list-type"),
  "the listing": ({ url }) => url.includes("list-type"),
  "the deletion": ({ method }) => method === "DELETE",
} as const satisfies Record<string, (request: SeenRequest) => boolean>;

const EVERYTHING = Object.values(REQUESTS);
/** Who is told to slow down waits longer, so that not everything is asked. */
const SOME = [REQUESTS["the file in one piece"], REQUESTS["a part"], REQUESTS["a read"]];
const TROUBLES: readonly (readonly [string, readonly ((request: SeenRequest) => boolean)[], Fault])[] = [
  ["answers everything with 500 first", EVERYTHING, { status: 500, code: "InternalError" }],
  ["says that it is asked too much", SOME, { status: 503, code: "SlowDown" }],
  ["is cut off before it has what it is asked", EVERYTHING, { cut: "before" }],
  ["is cut off before it could say that it has done what it was asked", EVERYTHING, { cut: "after" }],
];

describe("a bucket that is away for a moment", () => {
  it.each(TROUBLES)("is asked again when it %s", async (_how, asked, fault) => {
    await using bucket = await open();
    for (const on of asked) server().fail(on, fault);
    for (const size of [1_000, PART_BYTES + 1_000]) {
      const given = randomBytes(size);
      const { key } = await put(bucket.storage, given);
      expect((await read(bucket.storage, key))?.equals(given)).toBe(true);
      expect(await keysOf(bucket.storage)).toEqual([key]);
      expect(await bucket.storage.deleteUntouched(key, Number.POSITIVE_INFINITY)).toBe(true);
      expect(await keysOf(bucket.storage)).toEqual([]);
    }
    expect(server().faultsLeft()).toBe(0);
    // Of an upload whose name got lost only the janitor can find out.
    const lost = "cut" in fault && fault.cut === "after" ? 1 : 0;
    expect(await bucket.storage.removeLeftovers(Date.now() + 60_000)).toBe(lost);
    expect(await bucket.leftovers()).toBe(0);
  });

  it.each([
    ["whole", undefined],
    ["a range", { start: 1_000, end: 299_999 }],
  ] as const)("gives %s in one stream although its connection is cut again and again", async (_what, range) => {
    await using bucket = await open();
    const given = randomBytes(400_000);
    const { key } = await put(bucket.storage, given);
    for (const bytes of [100_000, 50_000, 1, 70_000]) server().fail(REQUESTS["a read"], { cutBodyAt: bytes });
    const got = await read(bucket.storage, key, range);
    expect(got?.equals(range === undefined ? given : given.subarray(range.start, range.end + 1))).toBe(true);
    expect(server().faultsLeft()).toBe(0);
  });

  it("goes on with a read whose connection falls silent", async () => {
    await using bucket = await open();
    await using hasty = await openHasty(bucket);
    const given = randomBytes(400_000);
    const { key } = await put(bucket.storage, given);
    server().fail(REQUESTS["a read"], { stallBodyAt: 100_000 });
    expect((await read(hasty.storage, key))?.equals(given)).toBe(true);
    expect(server().faultsLeft()).toBe(0);
  });

  it("goes on with a reader who paused for longer than a connection is held", async () => {
    await using bucket = await open();
    await using hasty = await openHasty(bucket);
    const given = randomBytes(6_000_000);
    const { key } = await put(bucket.storage, given);
    const since = server().requests.length;
    const found = await hasty.storage.get(key);
    const reader = found?.body.iterator()[Symbol.asyncIterator]();
    const first = (await reader?.next())?.value as Buffer;
    await expect.poll(() => server().bodiesUnderWay(), { timeout: 10_000 }).toBe(0);
    const chunks = [first];
    for (let next = await reader?.next(); next?.done === false; next = await reader?.next())
      chunks.push(next.value as Buffer);
    expect(Buffer.concat(chunks).equals(given)).toBe(true);
    expect(server().requests.length - since).toBeGreaterThan(1);
  });

  it("gives up a read that brings nothing any more, in words of ours", async () => {
    await using bucket = await open();
    const { key } = await put(bucket.storage, randomBytes(400_000));
    for (let turn = 0; turn < 3; turn += 1) server().fail(REQUESTS["a read"], { cutBodyAt: 0 });
    await expect(readBytes(bucket.storage, key)).rejects.toMatchObject({ name: "StorageError", reason: "unreachable" });
    expect(server().faultsLeft()).toBe(0);
  });

  it("says of a file that goes while it is read that it is gone", async () => {
    await using bucket = await open();
    const { key } = await put(bucket.storage, randomBytes(400_000));
    server().fail(REQUESTS["a read"], { cutBodyAt: 100_000 });
    server().fail(REQUESTS["a read"], { status: 404, code: "NoSuchKey" });
    await expect(readBytes(bucket.storage, key)).rejects.toMatchObject({ name: "StorageError", reason: "missing" });
  });

  it("lets go of its connection when nobody reads on", async () => {
    await using bucket = await open();
    const { key } = await put(bucket.storage, randomBytes(6_000_000));
    const found = await bucket.storage.get(key);
    found?.body.destroy();
    await expect.poll(() => server().bodiesUnderWay(), { timeout: 10_000 }).toBe(0);
  });
});

describe("a bucket that cannot be used", () => {
  it.each([
    [507, "InsufficientStorage", "full"],
    [400, "XMinioAdminBucketQuotaExceeded", "full"],
    [403, "QuotaExceeded", "full"],
    [403, "AccessDenied", "denied"],
    [404, "NoSuchBucket", "denied"],
    [301, "PermanentRedirect", "denied"],
    [503, "SlowDown", "unreachable"],
    [500, "InternalError", "unreachable"],
    [400, "InvalidRequest", "broken"],
  ])("answers %i %s, which is told as %s, and nothing is left of the file", async (status, code, reason) => {
    await using bucket = await open();
    for (let turn = 0; turn < 3; turn += 1) server().fail(REQUESTS["the file in one piece"], { status, code });
    const flaw = await put(bucket.storage, randomBytes(9)).catch((error: unknown) => error);
    server().forgetFaults();
    expect(flaw).toMatchObject({ name: "StorageError", reason });
    expect(await keysOf(bucket.storage)).toEqual([]);
    expect(await bucket.leftovers()).toBe(0);
  });

  it("takes back the parts of what it did not let in", async () => {
    await using bucket = await open();
    server().fail(REQUESTS["a part"], { status: 403, code: "AccessDenied" });
    await expect(put(bucket.storage, randomBytes(PART_BYTES + 1))).rejects.toMatchObject({ reason: "denied" });
    expect(await keysOf(bucket.storage)).toEqual([]);
    expect(await bucket.leftovers()).toBe(0);
  });

  it("is one that nobody listens at", async () => {
    await using bucket = await openTestBucket(
      { ...server(), settings: (prefix) => ({ ...server().settings(prefix), endpoint: "http://127.0.0.1:1" }) },
      { patience: { connectMs: 1_000, idleMs: 1_000, attempts: 2 } },
    );
    const { key } = { key: `${"a".repeat(64)}.png` };
    await expect(put(bucket.storage, randomBytes(9))).rejects.toMatchObject({ reason: "unreachable" });
    await expect(bucket.storage.head(key)).rejects.toMatchObject({ reason: "unreachable" });
    await expect(bucket.storage.get(key)).rejects.toMatchObject({ reason: "unreachable" });
    await expect(keysOf(bucket.storage)).rejects.toMatchObject({ reason: "unreachable" });
    await expect(bucket.storage.removeLeftovers(0)).rejects.toMatchObject({ reason: "unreachable" });
  });

  it("does not tell of its uploads, which is no reason to collect nothing", async () => {
    await using bucket = await open();
    for (const status of [403, 405, 501]) {
      server().fail(({ url }) => url.includes("uploads"), { status, code: "NotToday" });
      expect(await bucket.storage.removeLeftovers(Date.now())).toBe(0);
    }
    expect(server().faultsLeft()).toBe(0);
  });

  it("is told of without the keys to it, or what they signed", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAPRIVATE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "very-private");
    await using bucket = await open();
    for (const ask of [() => put(bucket.storage, randomBytes(9)), () => bucket.storage.head(`${"a".repeat(64)}.png`)]) {
      const flaw = await ask().then(
        () => null,
        (error: unknown) => error,
      );
      expect(flaw).toMatchObject({ name: "StorageError", reason: "denied" });
      expect(inspect(flaw, { depth: 9, showHidden: true })).not.toMatch(/PRIVATE|private|Signature|X-Amz|127\.0\.0\.1/);
    }
  });
});
