import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig, parseStorage } from "./config.ts";
import { DataDirInUse, lockDataDir } from "./lockDataDir.ts";
import { Secret } from "./Secret.ts";
import { temporaryFolder } from "./testing/temporaryFolder.ts";
import type { Config } from "./config.ts";

function complaint(env: Record<string, string>): string {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}

describe("the environment", () => {
  it("needs nothing to be set", () => {
    expect(parseConfig({})).toEqual({
      port: 4600,
      host: "127.0.0.1",
      dataDir: resolve("./data"),
      role: "all",
      databaseUrl: null,
      s3: null,
      workerConcurrency: expect.any(Number),
      leaseMs: 15_000,
      sweepMs: 5_000,
      drainMs: 5_000,
      publicUrl: null,
      logLevel: "info",
      simulator: false,
      hosted: expect.any(Array),
      secret: null,
      keep: { jobsDays: 30, eventsDays: 7, binDays: 7 },
    });
  });

  it("takes every variable", () => {
    const env = {
      PORT: "8080",
      HOST: "localhost",
      DATA_DIR: "/srv/reel",
      STORAGE_URL: "s3://reel/media",
      S3_ENDPOINT: "http://127.0.0.1:9000",
      S3_REGION: "auto",
      S3_FORCE_PATH_STYLE: "0",
      S3_PUBLIC_ENDPOINT: "https://media.example",
      MEDIA_READS: "signed",
      ROLE: "worker",
      DATABASE_URL: "postgres://studio@db/reelstate",
      WORKER_CONCURRENCY: "2",
      LEASE_MS: "4000",
      SWEEP_MS: "700",
      DRAIN_MS: "0",
      PUBLIC_URL: "https://studio.example",
      LOG_LEVEL: "debug",
      REELSTATE_SECRET: " what all processes know ",
      REELSTATE_SIMULATOR: "1",
      KEEP_JOBS_DAYS: "90",
      KEEP_EVENTS_DAYS: "2",
      KEEP_BIN_DAYS: "1",
    };
    expect(parseConfig(env)).toEqual({
      port: 8080,
      host: "localhost",
      dataDir: join(resolve("/"), "srv", "reel"),
      role: "worker",
      databaseUrl: "postgres://studio@db/reelstate",
      s3: {
        bucket: "reel",
        prefix: "media/",
        endpoint: "http://127.0.0.1:9000",
        region: "auto",
        pathStyle: false,
        signedReads: true,
        publicEndpoint: "https://media.example",
      },
      workerConcurrency: 2,
      leaseMs: 4_000,
      sweepMs: 700,
      drainMs: 0,
      publicUrl: new URL("https://studio.example"),
      logLevel: "debug",
      simulator: true,
      hosted: expect.any(Array),
      secret: expect.any(Secret),
      keep: { jobsDays: 90, eventsDays: 2, binDays: 1 },
    });
  });

  it("treats what is empty as what is not set, and does not mind what is not its own", () => {
    const env = { PORT: "", HOST: "", DATABASE_URL: "", STORAGE_URL: "", REELSTATE_SIMULATOR: "", PATH: "/bin" };
    const known = ({ hosted, ...config }: Config) => [
      config,
      hosted.map(({ provider, key, home }) => [provider, key, home]),
    ];
    expect(known(parseConfig(env))).toEqual(known(parseConfig({})));
  });

  it.each([
    ["PORT", "http", "PORT must be a whole number from 0 to 65535"],
    ["PORT", "70000", "PORT must be a whole number from 0 to 65535"],
    ["PORT", "1.5", "PORT must be a whole number from 0 to 65535"],
    ["PORT", " ", "PORT must be a whole number from 0 to 65535"],
    [
      "REELSTATE_SECRET",
      "fifteen letters",
      "REELSTATE_SECRET must have at least 16 characters, the same for all processes; openssl rand -base64 32 makes one",
    ],
    ["WORKER_CONCURRENCY", "0", "WORKER_CONCURRENCY must be a whole number from 1 to 256"],
    ["LEASE_MS", "10", "LEASE_MS must be a whole number from 1000 to 3600000"],
    ["SWEEP_MS", "1", "SWEEP_MS must be a whole number from 100 to 3600000"],
    ["DRAIN_MS", "-1", "DRAIN_MS must be a whole number from 0 to 600000"],
    ["PUBLIC_URL", "studio.example", "PUBLIC_URL must be an http or https address"],
    ["PUBLIC_URL", "ftp://studio.example", "PUBLIC_URL must be an http or https address"],
    ["LOG_LEVEL", "loud", "LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent"],
    ["ROLE", "queen", "ROLE must be all, api or worker"],
    ["REELSTATE_SIMULATOR", "maybe", "REELSTATE_SIMULATOR must be 1 or 0"],
    ["REELSTATE_INSECURE_NETWORK", "maybe", "REELSTATE_INSECURE_NETWORK must be 1 or 0"],
  ])("names %s when it is %j, and what it must be", (name, value, message) => {
    expect(complaint({ [name]: value })).toBe(message);
  });

  it("names everything that is wrong at once", () => {
    expect(complaint({ PORT: "x", LEASE_MS: "y" }).split("\n")).toHaveLength(2);
  });

  it.each(["api", "worker"])("refuses ROLE=%s on SQLite, and takes it with a PostgreSQL database", (role) => {
    expect(complaint({ ROLE: role })).toMatch(new RegExp(`^ROLE=${role} needs DATABASE_URL=postgres://.*ROLE=all`));
    const databaseUrl = "postgres://studio:secret@db:5432/reelstate";
    expect(parseConfig({ ROLE: role, DATABASE_URL: databaseUrl })).toMatchObject({ role, databaseUrl });
    expect(parseConfig({ DATABASE_URL: databaseUrl.replace("postgres", "postgresql") })).toMatchObject({ role: "all" });
  });

  it.each(["abc", "0", "70000", ""])(
    "a port of %j behind the question mark, with which the driver waited for ever, is refused",
    (port) => {
      const DATABASE_URL = `postgres://studio:hunter2@db/reelstate?port=${port}`;
      expect(complaint({ DATABASE_URL })).toMatch(
        /^DATABASE_URL says \?port= with something that is no port; give a number/,
      );
      expect(complaint({ DATABASE_URL })).not.toMatch(/hunter2/);
      expect(parseConfig({ DATABASE_URL: DATABASE_URL.replace(/port=.*/, "port=5433") })).toMatchObject({
        role: "all",
      });
    },
  );

  it.each(["mysql://studio:hunter2@db/reelstate", "studio:hunter2@db", "file:./data.sqlite"])(
    "says what DATABASE_URL must be instead of %s, without repeating its password",
    (url) => {
      expect(complaint({ DATABASE_URL: url })).toMatch(/^DATABASE_URL must be postgres:\/\/user:password@/);
      expect(complaint({ DATABASE_URL: url })).not.toMatch(/hunter2/);
    },
  );

  it("names what is wrong with the bucket beside everything else, and minds nothing of it when there is none", () => {
    const env = { S3_ENDPOINT: "nowhere", S3_REGION: "", S3_FORCE_PATH_STYLE: "maybe" };
    expect(parseConfig(env).s3).toBeNull();
    expect(complaint({ ...env, STORAGE_URL: "gs://reel", ROLE: "worker" }).split("\n")).toEqual([
      expect.stringMatching(/^ROLE=worker needs/),
      expect.stringMatching(/^STORAGE_URL must be s3:/),
      expect.stringMatching(/^S3_ENDPOINT must be/),
      expect.stringMatching(/^S3_FORCE_PATH_STYLE must be/),
    ]);
    expect(() => parseStorage({ STORAGE_URL: "gs://reel", S3_REGION: "auto" })).toThrow(/^STORAGE_URL must be s3:/);
    expect(parseStorage({ STORAGE_URL: "" })).toBeNull();
    expect(complaint({ MEDIA_READS: "signed" })).toMatch(/^MEDIA_READS=signed needs a bucket in STORAGE_URL/);
  });

  it.each(["0.0.0.0", "192.168.1.5", "::", "studio.local", "127.0.0.1.evil.example", "localhost.evil.example"])(
    "does not open to the network at HOST=%s unless it is told that this is meant",
    (host) => {
      expect(complaint({ HOST: host })).toMatch(/^HOST=.*HOST=127\.0\.0\.1.*REELSTATE_INSECURE_NETWORK=1/);
      expect(complaint({ HOST: host, REELSTATE_INSECURE_NETWORK: "0" })).toMatch(/^HOST=/);
      expect(parseConfig({ HOST: host, REELSTATE_INSECURE_NETWORK: "1" }).host).toBe(host);
    },
  );

  it.each(["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1"])(
    "opens at HOST=%s, which is this machine",
    (host) => {
      expect(parseConfig({ HOST: host }).host).toBe(host);
    },
  );
});

describe("the data folder", () => {
  it("belongs to one studio at a time, and to the next when that has let go", async () => {
    await using folder = await temporaryFolder();
    const lock = lockDataDir(folder.path);
    expect(() => lockDataDir(folder.path)).toThrow(DataDirInUse);
    expect(() => lockDataDir(folder.path)).toThrow(/Another studio is running on .*DATA_DIR/);
    lock.release();
    lockDataDir(folder.path).release();
  });
});
