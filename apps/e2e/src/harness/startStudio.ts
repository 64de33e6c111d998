import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProgram } from "@reelstate/cluster/program";
import type { Limits, Program } from "@reelstate/cluster/program";

/** The built program, as a person starts it: a process of its own, on a port and in a folder of its own. */
export interface Studio extends Program {
  readonly dataDir: string;
  /** Everything the process printed, a line each; grows while it runs. */
  readonly lines: readonly string[];
  /** Copies the database of a stopped studio; `restore` puts the copy back where it was. */
  copyDatabase(): Promise<{ restore(): Promise<void> }>;
}

/** Starts the built studio with the simulator on; resolves once `/readyz` answers. */
export async function startStudio(env: Readonly<Record<string, string>> = {}, limits: Limits = {}): Promise<Studio> {
  const dataDir = await mkdtemp(join(tmpdir(), "reelstate-e2e-"));
  const lines: string[] = [];
  const program = await openProgram({
    name: "the studio",
    env: { DATA_DIR: dataDir, REELSTATE_SIMULATOR: "1", ...env },
    limits,
    onLine: (line) => lines.push(line),
  });
  return {
    ...program,
    dataDir,
    lines,
    copyDatabase: async () => {
      const file = join(dataDir, "reelstate.sqlite");
      const copy = `${file}.copy`;
      await copyFile(file, copy);
      return {
        restore: async () => {
          await Promise.all(["-wal", "-shm"].map((end) => rm(`${file}${end}`, { force: true })));
          await copyFile(copy, file);
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
