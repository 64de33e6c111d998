import { writeFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { openTestBucket, useS3Server } from "../../testing/openTestBucket.ts";
import { proveBucket, proveReadable } from "./proveBucket.ts";
import type { SeenRequest } from "../../testing/openS3Server.ts";

const server = useS3Server();
const open = () => openTestBucket(server(), { patience: { connectMs: 1_000, idleMs: 1_000, attempts: 2 } });

describe("a bucket, before the studio works with it", () => {
  it("is written to and read from, and nothing stays in it", async () => {
    await using bucket = await open();
    await proveBucket(bucket.storage, bucket.settings);
    for await (const { key } of bucket.storage.list()) throw new Error(`${key} is left.`);
  });

  it("is only looked into by those who may change nothing", async () => {
    await using bucket = await open();
    const since = server().requests.length;
    await proveReadable(bucket.storage, bucket.settings);
    expect(
      server()
        .requests.slice(since)
        .map(({ method }) => method),
    ).toEqual(["GET"]);
  });

  const listing = ({ url }: SeenRequest) => url.includes("list-type");
  it.each([
    [404, "NoSuchBucket", /does not exist\. Create it, or set STORAGE_URL and S3_ENDPOINT/],
    [403, "InvalidAccessKeyId", /does not know these credentials.*AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/],
    [403, "SignatureDoesNotMatch", /does not know these credentials.*AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/],
    [301, "PermanentRedirect", /another region.*Set S3_REGION/],
    [400, "AuthorizationHeaderMalformed", /another region.*Set S3_REGION/],
    [403, "AccessDenied", /does not let these credentials list.*Give them the right/],
    [400, "Strange", /cannot be used.*list, Strange/],
  ])("that answers %i %s is refused, and says what to change", async (status, code, words) => {
    await using bucket = await open();
    server().fail(listing, { status, code });
    const refused = proveBucket(bucket.storage, bucket.settings);
    await expect(refused).rejects.toMatchObject({ name: "BucketUnusable", message: expect.stringMatching(words) });
    await expect(refused).rejects.toThrow(`The bucket "${server().bucket}" of STORAGE_URL at ${server().endpoint}`);
  });

  it.each([
    ["write", "PUT"],
    ["read", "GET"],
    ["delete", "DELETE"],
  ])("that does not let the studio %s is refused", async (right, method) => {
    await using bucket = await open();
    server().fail((request) => request.method === method && !listing(request), { status: 403, code: "AccessDenied" });
    await expect(proveBucket(bucket.storage, bucket.settings)).rejects.toThrow(
      `does not let these credentials ${right} (AccessDenied)`,
    );
  });

  it("is refused when there are no credentials", async () => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "");
    // Nor any in a file, or from the machine.
    for (const name of ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"]) vi.stubEnv(name, "/nowhere");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    await using bucket = await open();
    await expect(proveBucket(bucket.storage, bucket.settings)).rejects.toThrow(/There are no credentials.*Set AWS_/);
  });

  it("is refused when it cannot be reached", async () => {
    const away = { ...server(), settings: () => ({ ...server().settings(), endpoint: "http://127.0.0.1:1" }) };
    await using bucket = await openTestBucket(away, { patience: { connectMs: 1_000, idleMs: 1_000, attempts: 1 } });
    await expect(proveBucket(bucket.storage, bucket.settings)).rejects.toThrow(
      /at http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)\. Set S3_ENDPOINT/,
    );
  });

  it("is refused when it gives back other bytes than it was given", async () => {
    await using bucket = await open();
    const { storage, settings } = bucket;
    const changing = {
      ...storage,
      get: async (key: string) => {
        await writeFile(server().pathOf(`${bucket.prefix}${key}`), Buffer.alloc(100));
        return storage.get(key);
      },
    };
    await expect(proveBucket(changing, settings)).rejects.toThrow("does not give back the bytes that it was given");
  });
});
