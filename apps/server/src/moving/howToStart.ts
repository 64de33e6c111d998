import { join } from "node:path";
import type { S3Settings } from "../storage/s3/S3Settings.ts";

interface Moved {
  readonly dataDir: string;
  readonly url: string;
  /** Where media is; null: in the folder. */
  readonly media: S3Settings | null;
  /** A folder whose media moved; null: media is where it was. */
  readonly left: string | null;
}

/** What to set, so that the studio starts where it is now, and only there. */
export function howToStart({ dataDir, url, media, left }: Moved): string {
  const [set, aside] = [quoted(join(dataDir, "reelstate.sqlite")), quoted(join(dataDir, "before-postgres"))];
  const settings = [
    `export DATA_DIR=${quoted(dataDir)}`,
    `export DATABASE_URL=${quoted(withoutPassword(url))}`,
    ...(media === null
      ? []
      : [`export STORAGE_URL=${quoted(`s3://${media.bucket}/${media.prefix}`.replace(/\/$/, ""))}`]),
  ];
  return [
    "To start it there, first set the old database aside: both started would work on the same jobs.",
    `  mkdir -p ${aside} && mv ${set}* ${aside}`,
    "Then, with the password in the address and the rest of the environment as it was:",
    ...settings.map((line) => `  ${line}`),
    "  npx pnpm start",
    ...(media === null
      ? [`Media stays in ${join(dataDir, "media")}: every process of the studio needs this folder as its DATA_DIR.`]
      : []),
    ...(left === null ? [] : [`The files in ${left} are not needed any more.`]),
  ].join("\n");
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = "";
  shown.searchParams.delete("password");
  return shown.href;
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
