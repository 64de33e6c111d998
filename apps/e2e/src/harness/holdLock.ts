import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Another program that has the database to itself, as a backup or somebody's shell may. */
const HOLDER = `
  const { DatabaseSync } = require("node:sqlite");
  const db = new DatabaseSync(process.argv[1]);
  db.exec("PRAGMA busy_timeout = 60000; BEGIN IMMEDIATE");
  process.stdout.write("held");
  setTimeout(() => { db.exec("ROLLBACK"); db.close(); }, Number(process.argv[2]));
`;

/** Holds the write lock of a studio's database from another process, for that long or until it is released; resolves once it is held. */
export async function holdLock(
  { dataDir }: { readonly dataDir: string },
  forMs: number,
): Promise<{ readonly released: Promise<void>; readonly release: () => Promise<void> }> {
  const file = join(dataDir, "reelstate.sqlite");
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "-e", HOLDER, file, String(forMs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const released = once(child, "close").then(() => {});
  await Promise.race([
    once(child.stdout, "data"),
    released.then(() => {
      throw new Error("The other program could not take the lock.");
    }),
  ]);
  return {
    released,
    release: () => {
      child.kill("SIGKILL");
      return released;
    },
  };
}
