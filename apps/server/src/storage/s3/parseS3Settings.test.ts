import { describe, expect, it } from "vitest";
import { flawsWithoutBucket, parseS3Settings } from "./parseS3Settings.ts";

const AWS = { STORAGE_URL: "s3://reel", S3_REGION: "eu-central-1" };
const MINIO = { STORAGE_URL: "s3://reel/media", S3_ENDPOINT: "http://127.0.0.1:9000" };

describe("the bucket that the environment names", () => {
  it.each([
    ["Amazon S3", AWS, { bucket: "reel", prefix: "", endpoint: null, region: "eu-central-1", pathStyle: false }],
    [
      "MinIO",
      MINIO,
      { bucket: "reel", prefix: "media/", endpoint: MINIO.S3_ENDPOINT, region: "us-east-1", pathStyle: true },
    ],
    [
      "R2",
      {
        STORAGE_URL: "s3://reel//films/2026/",
        S3_ENDPOINT: "https://account.r2.cloudflarestorage.com/",
        S3_REGION: "auto",
        S3_FORCE_PATH_STYLE: "0",
      },
      {
        bucket: "reel",
        prefix: "films/2026/",
        endpoint: "https://account.r2.cloudflarestorage.com",
        region: "auto",
        pathStyle: false,
      },
    ],
    [
      "Amazon S3, by the SDK's own variable",
      { STORAGE_URL: "s3://reel", AWS_REGION: "us-west-2", S3_FORCE_PATH_STYLE: "true" },
      { bucket: "reel", prefix: "", endpoint: null, region: "us-west-2", pathStyle: true },
    ],
  ])("may be one of %s", (_name, env, settings) => {
    expect(parseS3Settings(env)).toEqual({ ...settings, signedReads: false, publicEndpoint: null });
  });

  it("may be read by browsers themselves, elsewhere than by the studio", () => {
    const env = { ...MINIO, MEDIA_READS: "signed", S3_PUBLIC_ENDPOINT: "https://media.example" };
    expect(parseS3Settings(env)).toMatchObject({ signedReads: true, publicEndpoint: "https://media.example" });
    expect(parseS3Settings({ ...MINIO, MEDIA_READS: "proxy" })).toMatchObject({ signedReads: false });
  });

  it("is what browsers can read, and nothing else", () => {
    expect(flawsWithoutBucket({ MEDIA_READS: "signed" })).toEqual([
      expect.stringMatching(/^MEDIA_READS=signed needs a bucket in STORAGE_URL.*MEDIA_READS=proxy/),
    ]);
    expect(flawsWithoutBucket({ MEDIA_READS: "direct" })).toEqual([
      expect.stringMatching(/^MEDIA_READS must be proxy/),
    ]);
    expect(flawsWithoutBucket({ MEDIA_READS: "proxy" })).toEqual([]);
  });

  it.each([
    [{ ...AWS, STORAGE_URL: "file:///srv" }, "STORAGE_URL must be s3://bucket or s3://bucket/prefix; without it"],
    [{ ...AWS, STORAGE_URL: "s3://" }, "STORAGE_URL must be s3://bucket"],
    [{ ...AWS, STORAGE_URL: "s3://b" }, "STORAGE_URL must be s3://bucket"],
    [{ ...AWS, STORAGE_URL: "s3://reel?region=x" }, "STORAGE_URL must be s3://bucket"],
    [{ ...AWS, STORAGE_URL: "s3://reel/灯塔" }, "STORAGE_URL must be s3://bucket"],
    [{ ...AWS, STORAGE_URL: "s3://reel/../x" }, "STORAGE_URL must be s3://bucket"],
    [{ ...AWS, STORAGE_URL: `s3://reel/${"x".repeat(300)}` }, "at most 200 letters"],
    [
      { ...AWS, STORAGE_URL: "s3://key:secret@reel" },
      "STORAGE_URL must not contain credentials; set AWS_ACCESS_KEY_ID",
    ],
    [{ ...MINIO, S3_ENDPOINT: "127.0.0.1:9000" }, "S3_ENDPOINT must be an http or https address"],
    [{ ...MINIO, S3_ENDPOINT: "http://key:secret@host" }, "S3_ENDPOINT must be an http or https address"],
    [{ ...MINIO, S3_ENDPOINT: "http://host/bucket" }, "S3_ENDPOINT must be an http or https address"],
    [{ ...MINIO, S3_PUBLIC_ENDPOINT: "media.example" }, "S3_PUBLIC_ENDPOINT must be an http or https address"],
    [{ ...MINIO, MEDIA_READS: "direct" }, "MEDIA_READS must be proxy, through the studio, or signed"],
    [{ ...MINIO, S3_FORCE_PATH_STYLE: "maybe" }, "S3_FORCE_PATH_STYLE must be 1 or 0"],
    [{ ...MINIO, S3_REGION: "Frankfurt am Main" }, "S3_REGION must be the name of a region"],
    [{ STORAGE_URL: "s3://reel" }, "S3_REGION is not set: name the bucket's region, such as eu-central-1"],
  ])("is refused as %o, with the variable and what to set it to", (env, words) => {
    const flaws = parseS3Settings(env);
    expect(flaws).toEqual([expect.stringContaining(words)]);
    expect(JSON.stringify(flaws)).not.toContain("secret");
  });

  it("is told everything that is wrong with it at once", () => {
    expect(parseS3Settings({ STORAGE_URL: "x", S3_ENDPOINT: "y", S3_FORCE_PATH_STYLE: "z" })).toHaveLength(3);
  });
});
