import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import { HOSTED } from "./providers/hosted/hosted.ts";
import { Secret } from "./Secret.ts";
import { parseHosted } from "./providers/hosted/parseHosted.ts";
import { flawsWithoutBucket, parseS3Settings } from "./storage/s3/parseS3Settings.ts";
import type { HostedProvider, KnownProvider } from "./providers/hosted/HostedProvider.ts";
import type { S3Settings } from "./storage/s3/S3Settings.ts";

/** Everything the environment decides, parsed once. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** What this process does: everything, answer browsers, or make assets. */
  readonly role: "all" | "api" | "worker";
  /** The PostgreSQL database; null: a SQLite file in `dataDir`. */
  readonly databaseUrl: string | null;
  /** The bucket that media is kept in; null: a folder in `dataDir`. */
  readonly s3: S3Settings | null;
  readonly workerConcurrency: number;
  readonly leaseMs: number;
  readonly sweepMs: number;
  readonly drainMs: number;
  readonly publicUrl: URL | null;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly simulator: boolean;
  /** Providers that take a key, or are on a machine of one's own, and what the environment says of them. */
  readonly hosted: readonly KnownProvider[];
  /** What keys are sealed with that people enter; null: a file in `dataDir`. */
  readonly secret: Secret | null;
  /** How many days what is over is kept. */
  readonly keep: { readonly jobsDays: number; readonly eventsDays: number; readonly binDays: number };
}

/** The environment cannot be used as it is; the message names each variable and what to set it to. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

type Environment = Readonly<Record<string, string | undefined>>;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;
const SECRET_CHARS = 16;
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

function whole(min: number, max: number, fallback: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  const number = z.number().min(min, { error }).max(max, { error });
  return z
    .string()
    .regex(/^-?\d+$/, { error })
    .transform(Number)
    .pipe(number)
    .default(fallback);
}

function flag() {
  return z
    .enum(["0", "1", "false", "true", ""], { error: "must be 1 or 0" })
    .default("0")
    .transform((value) => value === "1" || value === "true");
}

const environment = z.object({
  PORT: whole(0, 65_535, 4600),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATA_DIR: z.string().min(1, { error: "is empty; name a folder" }).default("./data"),
  DATABASE_URL: z.string().optional(),
  ROLE: z.enum(["all", "api", "worker"], { error: "must be all, api or worker" }).default("all"),
  WORKER_CONCURRENCY: whole(1, 256, Math.max(4, availableParallelism())),
  LEASE_MS: whole(1_000, 3_600_000, 15_000),
  SWEEP_MS: whole(100, 3_600_000, 5_000),
  DRAIN_MS: whole(0, 600_000, 5_000),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be an http or https address" }).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: "must be trace, debug, info, warn, error, fatal or silent" }).default("info"),
  KEEP_JOBS_DAYS: whole(1, 3_650, 30),
  KEEP_EVENTS_DAYS: whole(1, 3_650, 7),
  KEEP_BIN_DAYS: whole(1, 3_650, 7),
  REELSTATE_SECRET: z
    .string()
    .trim()
    .min(SECRET_CHARS, {
      error: `must have at least ${SECRET_CHARS} characters, the same for all processes; openssl rand -base64 32 makes one`,
    })
    .optional(),
  REELSTATE_SIMULATOR: flag(),
  REELSTATE_INSECURE_NETWORK: flag(),
});

/** Throws `ConfigError` naming every variable that is wrong. */
export function parseConfig(env: Environment, providers: readonly HostedProvider[] = HOSTED): Config {
  const given = whatIsSet(env);
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("\n"));
  }
  const values = parsed.data;
  const s3 = readS3(given);
  const hosted = parseHosted(providers, given, resolve(values.DATA_DIR));
  const refusals = [
    ...(values.ROLE === "all" || values.DATABASE_URL !== undefined
      ? []
      : [
          `ROLE=${values.ROLE} needs DATABASE_URL=postgres://…; on SQLite one process does everything: leave ROLE out, or set ROLE=all`,
        ]),
    ...(values.DATABASE_URL === undefined ? [] : flawsOfDatabase(values.DATABASE_URL)),
    ...("flaws" in s3 ? s3.flaws : []),
    ...("flaws" in hosted ? hosted.flaws : []),
    ...(LOOPBACK.test(values.HOST) || values.REELSTATE_INSECURE_NETWORK
      ? []
      : [
          `HOST=${values.HOST} would open the studio, which has no accounts yet, to your network; ` +
            "use HOST=127.0.0.1, or set REELSTATE_INSECURE_NETWORK=1 if everyone who can reach this machine may use it",
        ]),
  ];
  if (refusals.length > 0 || "flaws" in s3 || "flaws" in hosted) throw new ConfigError(refusals.join("\n"));
  return {
    port: values.PORT,
    host: values.HOST,
    dataDir: resolve(values.DATA_DIR),
    role: values.ROLE,
    databaseUrl: values.DATABASE_URL ?? null,
    s3: s3.settings,
    workerConcurrency: values.WORKER_CONCURRENCY,
    leaseMs: values.LEASE_MS,
    sweepMs: values.SWEEP_MS,
    drainMs: values.DRAIN_MS,
    publicUrl: values.PUBLIC_URL === undefined ? null : new URL(values.PUBLIC_URL),
    logLevel: values.LOG_LEVEL,
    simulator: values.REELSTATE_SIMULATOR,
    hosted: hosted.known,
    secret: values.REELSTATE_SECRET === undefined ? null : new Secret(values.REELSTATE_SECRET),
    keep: {
      jobsDays: values.KEEP_JOBS_DAYS,
      eventsDays: values.KEEP_EVENTS_DAYS,
      binDays: values.KEEP_BIN_DAYS,
    },
  };
}

/** The bucket that media is kept in, or null: a folder. Throws `ConfigError`. */
export function parseStorage(env: Environment): S3Settings | null {
  const s3 = readS3(whatIsSet(env));
  if ("flaws" in s3) throw new ConfigError(s3.flaws.join("\n"));
  return s3.settings;
}

/** The PostgreSQL database, or null: a file in DATA_DIR. Throws `ConfigError`. */
export function parseDatabase(env: Environment): string | null {
  const { DATABASE_URL: url = null } = whatIsSet(env);
  const flaws = url === null ? [] : flawsOfDatabase(url);
  if (flaws.length > 0) throw new ConfigError(flaws.join("\n"));
  return url;
}

/** The value is never repeated: it carries a password. */
function flawsOfDatabase(url: string): readonly string[] {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  // Said behind the question mark it counts, and with one that is none the driver waits for ever.
  const port = parsed?.searchParams.get("port") ?? null;
  if (port !== null && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    return [
      "DATABASE_URL says ?port= with something that is no port; give a number such as 5432, or put it behind the host",
    ];
  const protocol = parsed?.protocol ?? "";
  return ["postgres:", "postgresql:"].includes(protocol)
    ? []
    : [
        "DATABASE_URL must be postgres://user:password@host:5432/database (encode what is special in the password, " +
          "as %40 for @); leave it out to keep a SQLite file in DATA_DIR",
      ];
}

/** What is empty counts as not set. */
function whatIsSet(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
}

function readS3(given: Environment): { readonly settings: S3Settings | null } | { readonly flaws: readonly string[] } {
  if (given["STORAGE_URL"] === undefined) {
    const flaws = flawsWithoutBucket(given);
    return flaws.length > 0 ? { flaws } : { settings: null };
  }
  const settings = parseS3Settings(given);
  return "bucket" in settings ? { settings } : { flaws: settings };
}
