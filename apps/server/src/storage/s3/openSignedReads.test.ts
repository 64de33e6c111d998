import { afterEach, describe, expect, it, vi } from "vitest";
import { openSignedReads } from "./openSignedReads.ts";
import type { S3Settings } from "./S3Settings.ts";

const SETTINGS: S3Settings = {
  bucket: "reel",
  prefix: "media/",
  endpoint: "http://minio:9000",
  region: "us-east-1",
  pathStyle: true,
  signedReads: true,
  publicEndpoint: null,
};
const KEY = `${"a".repeat(64)}.mp4`;
const LABEL = { mime: "video/mp4", disposition: "inline" };
const MINUTE_MS = 60_000;

afterEach(() => void vi.useRealTimers());

async function open(change: Partial<S3Settings> = {}) {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAKNOWN");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "very-private");
  const { close, ...reads } = await openSignedReads({ ...SETTINGS, ...change });
  return { ...reads, [Symbol.dispose]: close };
}

describe("addresses for browsers", () => {
  it("stay the same for a quarter of an hour, and are good for a quarter of an hour more", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 28, 12, 1) });
    using reads = await open();
    const first = await reads.addressOf(KEY, LABEL);
    vi.setSystemTime(Date.now() + 13 * MINUTE_MS);
    expect(await reads.addressOf(KEY, LABEL)).toBe(first);
    vi.setSystemTime(Date.now() + 2 * MINUTE_MS);
    expect(await reads.addressOf(KEY, LABEL)).not.toBe(first);
    const { searchParams } = new URL(first);
    expect(searchParams.get("X-Amz-Date")).toBe("20261128T120000Z");
    expect(searchParams.get("X-Amz-Expires")).toBe("1800");
  });

  it("name the file, how it is to be shown, and nothing that is private", async () => {
    using reads = await open();
    const address = new URL(await reads.addressOf(KEY, { ...LABEL, disposition: "attachment; filename=x.mp4" }));
    expect(address.pathname).toBe(`/reel/media/${KEY}`);
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      "response-content-type": "video/mp4",
      "response-content-disposition": "attachment; filename=x.mp4",
      "response-cache-control": "private, max-age=31536000, immutable",
      "X-Amz-SignedHeaders": "host",
    });
    expect(address.href).not.toContain("very-private");
  });

  it.each([
    ["where the studio reaches it", {}, "http://minio:9000"],
    ["where browsers reach it", { publicEndpoint: "https://media.example" }, "https://media.example"],
    ["at Amazon S3", { endpoint: null, pathStyle: false }, "https://reel.s3.us-east-1.amazonaws.com"],
  ])("begin with one origin: %s", async (_where, change, origin) => {
    using reads = await open(change);
    expect(reads.origin).toBe(origin);
    expect(new URL(await reads.addressOf(KEY, LABEL)).origin).toBe(origin);
  });
});
