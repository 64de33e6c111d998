import { execFile } from "node:child_process";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** For what hangs, not for what is slow on a busy machine. */
export const PATIENCE_MS = 20 * 60_000;

/** Runs a program of this repository in a process of its own, until it ends. */
export function runProgram(file: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { timeout: PATIENCE_MS, maxBuffer: 100_000_000 };
    const child = execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (child.exitCode ?? 1), stdout, stderr });
    });
  });
}
