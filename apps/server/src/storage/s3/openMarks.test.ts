import { utimes } from "node:fs/promises";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { openTestBucket, useS3Server } from "../../testing/openTestBucket.ts";
import type { MarkTimes } from "./openMarks.ts";
import type { SeenRequest } from "../../testing/openS3Server.ts";
import type { Storage } from "../Storage.ts";

/*
 * Two processes with one bucket: what one collects, the other puts again.
 */

const server = useS3Server();
const BYTES = Buffer.from("the same picture");
const DAY_AGO = () => Date.now() - 24 * 3_600_000;

const put = (storage: Storage) => storage.put(Readable.from([BYTES]), { ext: "png", maxBytes: 100 });

async function openTwo(markTimes: MarkTimes = { deleteWithinMs: 10_000, mindedMs: 60_000 }) {
  const one = await openTestBucket(server(), { markTimes });
  const other = await openTestBucket({ ...server(), settings: () => one.settings }, { markTimes });
  const { key } = await put(one.storage);
  const yesterday = Date.now() / 1_000 - 25 * 3_600;
  const age = () => utimes(server().pathOf(`${one.prefix}${key}`), yesterday, yesterday);
  await age();
  const marked = ({ url }: SeenRequest): boolean => url.includes(`/${one.prefix}collecting/${key}`);
  const onFile = (method: string) => (request: SeenRequest) =>
    request.method === method && request.url.includes(`/${one.prefix}${key}`);
  const onMark = (method: string) => (request: SeenRequest) => request.method === method && marked(request);
  return {
    collector: one.storage,
    putter: other.storage,
    key,
    onFile,
    onMark,
    isThere: async () => {
      const found = await one.storage.get(key);
      return found !== null && (await buffer(found.body)).equals(BYTES);
    },
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    },
  };
}

/** Holds the next such request back, and tells when it has come. */
function hold(on: (request: SeenRequest) => boolean) {
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const tell = (request: SeenRequest): boolean => {
    if (!on(request)) return false;
    reached.resolve();
    return true;
  };
  server().fail(tell, { hold: goOn.promise });
  return { reached: reached.promise, goOn: goOn.resolve };
}

describe("a file that one process puts again while another collects it", () => {
  it("[A8] is there afterwards, put when its deletion is on its way", async () => {
    await using two = await openTwo();
    const deletion = hold(two.onFile("DELETE"));
    const collecting = two.collector.deleteUntouched(two.key, DAY_AGO());
    await deletion.reached;
    const looked = hold(two.onMark("HEAD"));
    const putting = put(two.putter);
    await looked.reached;
    looked.goOn();
    deletion.goOn();
    expect(await collecting).toBe(true);
    await putting;
    expect(await two.isThere()).toBe(true);
  });

  it("[A8] is there afterwards, put before the second look at its age", async () => {
    await using two = await openTwo();
    const mark = hold(two.onMark("PUT"));
    const collecting = two.collector.deleteUntouched(two.key, DAY_AGO());
    await mark.reached;
    await put(two.putter);
    mark.goOn();
    expect(await collecting).toBe(false);
    expect(await two.isThere()).toBe(true);
  });

  it("[A8] is there afterwards, its put looking only when all is over", async () => {
    await using two = await openTwo();
    const deletion = hold(two.onFile("DELETE"));
    const collecting = two.collector.deleteUntouched(two.key, DAY_AGO());
    await deletion.reached;
    const look = hold(two.onMark("HEAD"));
    const putting = put(two.putter);
    await look.reached;
    deletion.goOn();
    expect(await collecting).toBe(true);
    expect(await two.isThere()).toBe(false);
    look.goOn();
    await putting;
    expect(await two.isThere()).toBe(true);
  });

  it("[A8] is not taken away by a process that was stopped after it had looked", async () => {
    await using two = await openTwo();
    const look = hold((request) => two.onFile("HEAD")(request) && server().requests.some(two.onMark("PUT")));
    const collecting = two.collector.deleteUntouched(two.key, DAY_AGO());
    await look.reached;
    const now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => now + 10_001);
    look.goOn();
    expect(await collecting).toBe(false);
    expect(await two.isThere()).toBe(true);
  });

  it("[A8] waits for a deletion of which nobody knows whether it arrives, and no longer than a mark is minded", async () => {
    await using two = await openTwo({ deleteWithinMs: 200, mindedMs: 600 });
    const deletion = hold(two.onFile("DELETE"));
    await expect(two.collector.deleteUntouched(two.key, DAY_AGO())).rejects.toMatchObject({ reason: "unreachable" });
    const since = server().requests.length;
    const putting = put(two.putter);
    await expect.poll(() => server().requests.slice(since).filter(two.onMark("HEAD")).length).toBeGreaterThan(1);
    deletion.goOn();
    await putting;
    expect(await two.isThere()).toBe(true);
    // The mark that nobody took away is gone.
    await put(two.putter);
    expect(server().requests.slice(since).filter(two.onMark("DELETE"))).toHaveLength(1);
  });

  it("leaves no mark, and none is listed", async () => {
    await using two = await openTwo();
    const mark = hold(two.onFile("DELETE"));
    const collecting = two.collector.deleteUntouched(two.key, DAY_AGO());
    await mark.reached;
    const listed = [];
    for await (const { key } of two.putter.list()) listed.push(key);
    expect(listed).toEqual([two.key]);
    mark.goOn();
    expect(await collecting).toBe(true);
    expect(server().requests.findLast(() => true)).toMatchObject({ method: "DELETE" });
    expect(server().requests.filter(two.onMark("PUT")).length).toBe(
      server().requests.filter(two.onMark("DELETE")).length,
    );
  });
});
