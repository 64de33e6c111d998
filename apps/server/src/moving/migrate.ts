import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { StoreUnavailable } from "@reelstate/db";
import { lockDataDir } from "../lockDataDir.ts";
import { StorageError } from "../storage/StorageError.ts";
import { moveStudio } from "./moveStudio.ts";
import { targetOf } from "./targetOf.ts";
import type { Terminal } from "../Terminal.ts";

const HELP = `npx pnpm studio migrate postgres://user@host:5432/database [s3://bucket/prefix]

Moves the stopped studio in DATA_DIR from SQLite to an empty PostgreSQL database and, with a second argument, its media to an
S3 store; without one media stays where it is. The studio's own files are only read. Whatever breaks it off, run the same
command again: it goes on where it was, and ends the same.

What the studio has now is said by the environment, as when it is started: DATA_DIR (./data), and STORAGE_URL if its media is in
a bucket already. S3_ENDPOINT, S3_REGION and the credentials are those of the bucket it moves to. A password that is not in the
address is taken from PGPASSWORD, where a shell's history and a list of processes do not show it.

  --without-damaged-files   moves although files are missing or changed, which then are so there too

Ends with 0 when all is there, with 2 when something is damaged, else with 1.`;

const AGAIN = "What was done so far is kept. Run the same command again: it goes on where it was.";

/** `studio migrate`: gives the exit code. Throws what `explainStart` has words for. */
export async function migrate(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "without-damaged-files": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    terminal.say(HELP);
    return 0;
  }
  const target = targetOf(positionals, env);
  const dataDir = resolve(env["DATA_DIR"] ?? "./data");
  const file = join(dataDir, "reelstate.sqlite");
  if (!existsSync(file)) {
    terminal.say(`There is no studio on SQLite in ${dataDir}: set DATA_DIR to the folder of the one that is to move.`);
    return 1;
  }
  // A studio that runs on it has it; and none can be started as long as we do.
  const lock = lockDataDir(dataDir);
  try {
    return await moveStudio(
      { dataDir, file, env, terminal },
      { ...target, withoutDamaged: values["without-damaged-files"] },
    );
  } catch (error) {
    if (!(error instanceof StoreUnavailable || error instanceof StorageError)) throw error;
    terminal.say(`${error.message}\n${AGAIN}`);
    return 1;
  } finally {
    lock.release();
  }
}
