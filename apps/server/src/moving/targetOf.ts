import { ConfigError, parseStorage } from "../config.ts";
import type { S3Settings } from "../storage/s3/S3Settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a studio is moved to, from the command's arguments; the rest of what a bucket needs is in the environment. */
export interface MoveTarget {
  readonly url: string;
  /** Null: media stays where it is. */
  readonly s3: S3Settings | null;
}

/** Throws `ConfigError`, which names the argument. The addresses are not repeated: they carry passwords. */
export function targetOf(args: readonly string[], env: Environment): MoveTarget {
  const [url = "", bucket, ...more] = args;
  if (!isAddress(url))
    throw new ConfigError(
      "The first argument must be the PostgreSQL database to move to, as postgres://user:password@host:5432/database " +
        "(encode what is special in the password, as %40 for @; without a password it is taken from PGPASSWORD)",
    );
  if (more.length > 0) throw new ConfigError("There are two arguments: postgres://… and, if media moves too, s3://…");
  return { url, s3: bucket === undefined ? null : bucketOf(bucket, env) };
}

/** Of a database, with nothing in it that its driver could not read. */
function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password, pathname } = new URL(url);
  try {
    decodeURIComponent(username + password + pathname);
  } catch {
    return false;
  }
  return protocol === "postgres:" || protocol === "postgresql:";
}

function bucketOf(address: string, env: Environment): S3Settings | null {
  try {
    return parseStorage({ ...env, STORAGE_URL: address === "" ? "empty" : address });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      error.message
        .replace(/^STORAGE_URL /m, "The second argument ")
        .replace("without it media is kept in DATA_DIR", "without it media stays where it is"),
    );
  }
}
