import type { S3Settings } from "./S3Settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const BUCKET = /^[a-zA-Z0-9][a-zA-Z0-9._-]{1,253}[a-zA-Z0-9]$/;
const FOLDER = /^[a-zA-Z0-9._-]+$/;
const FORM = "must be s3://bucket or s3://bucket/prefix; without it media is kept in DATA_DIR";

const READS = "MEDIA_READS must be proxy, through the studio, or signed, by browsers from the bucket";

/** The variables that say which bucket, or what is wrong with them, one line each. */
export function parseS3Settings(env: Environment): S3Settings | readonly string[] {
  const flaws: string[] = [];
  const place = placeOf(env["STORAGE_URL"] ?? "");
  if (typeof place === "string") flaws.push(`STORAGE_URL ${place}`);
  const [endpoint, publicEndpoint] = (["S3_ENDPOINT", "S3_PUBLIC_ENDPOINT"] as const).map((name) => {
    const address = env[name];
    const origin = address === undefined ? null : originOf(address);
    if (origin === "") {
      flaws.push(
        `${name} must be an http or https address without a path or credentials, such as http://127.0.0.1:9000; ` +
          "credentials go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
      );
    }
    return origin;
  }) as [string | null, string | null];
  const reads = env["MEDIA_READS"] ?? "proxy";
  if (reads !== "proxy" && reads !== "signed") flaws.push(READS);
  const pathStyle = env["S3_FORCE_PATH_STYLE"];
  if (pathStyle !== undefined && !["0", "1", "false", "true"].includes(pathStyle))
    flaws.push("S3_FORCE_PATH_STYLE must be 1 or 0");
  const region = env["S3_REGION"] ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? null;
  if (region !== null && !/^[a-z0-9-]+$/.test(region))
    flaws.push("S3_REGION must be the name of a region, such as eu-central-1; auto for Cloudflare R2");
  if (region === null && endpoint === null)
    flaws.push("S3_REGION is not set: name the bucket's region, such as eu-central-1, or set S3_ENDPOINT");
  if (typeof place === "string" || flaws.length > 0) return flaws;
  return {
    ...place,
    signedReads: reads === "signed",
    publicEndpoint,
    endpoint,
    // Stores other than Amazon's mostly ignore it, but it is signed.
    region: region ?? "us-east-1",
    pathStyle: pathStyle === undefined ? endpoint !== null : pathStyle === "1" || pathStyle === "true",
  };
}

/** Or what is wrong. Says nothing of what is in the address: it may be a password. */
function placeOf(address: string): Pick<S3Settings, "bucket" | "prefix"> | string {
  const [, host = "", path = ""] = /^s3:\/\/([^/?#]*)(?:\/([^?#]*))?$/.exec(address) ?? [];
  if (host.includes("@")) return "must not contain credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
  if (!BUCKET.test(host)) return FORM;
  const folders = path.split("/").filter((folder) => folder !== "");
  if (folders.some((folder) => !FOLDER.test(folder) || /^\.+$/.test(folder)) || path.length > 200)
    return `${FORM}; a prefix has at most 200 letters a-z, digits, dots, dashes, underscores and slashes`;
  return { bucket: host, prefix: folders.map((folder) => `${folder}/`).join("") };
}

/** Empty when it is not an address. */
function originOf(address: string): string {
  if (!URL.canParse(address)) return "";
  const { protocol, origin, username, password, pathname, search, hash } = new URL(address);
  const bare = username + password + search + hash === "" && pathname === "/";
  return bare && (protocol === "http:" || protocol === "https:") ? origin : "";
}

/** What is wrong with the variables where there is no bucket. */
export function flawsWithoutBucket({ MEDIA_READS }: Environment): readonly string[] {
  if (MEDIA_READS === undefined || MEDIA_READS === "proxy") return [];
  return MEDIA_READS === "signed"
    ? ["MEDIA_READS=signed needs a bucket in STORAGE_URL; a folder is read through the studio (MEDIA_READS=proxy)"]
    : [READS];
}
