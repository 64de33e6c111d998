import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ROOT } from "./root.ts";

export interface CommandResult {
  readonly ok: boolean;
  /** What it printed on both streams, in order, without colours. */
  readonly output: string;
}

const MINUTE = 60_000;
const running = new Set<number>();

/** Runs one command from the root to its end. A command that hangs is ended, with all it started, and has failed. */
export function runCommand(command: readonly [string, ...string[]], limitMs = 15 * MINUTE): Promise<CommandResult> {
  const [file, ...args] = command;
  return new Promise((resolve) => {
    const output: string[] = [];
    // A process group of its own, so that what the command started ends with it.
    const child = spawn(file, args, { cwd: ROOT, env: quietEnv(), detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    const limit = setTimeout(() => {
      output.push(`\nEnded after ${Math.round(limitMs / MINUTE)} minutes without coming to an end.\n`);
      if (pid !== undefined) endGroup(pid, "SIGKILL");
    }, limitMs);
    child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => output.push(text));
    const end = (ok: boolean): void => {
      clearTimeout(limit);
      if (pid !== undefined) running.delete(pid);
      resolve({ ok, output: stripVTControlCharacters(output.join("")) });
    };
    child.once("error", (error) => {
      output.push(`${file} could not be started: ${error.message}\n`);
      end(false);
    });
    child.once("close", (code, signal) => {
      if (signal !== null) output.push(`\n${file} was ended by ${signal}.\n`);
      end(code === 0);
    });
  });
}

/** Ctrl-C and a CI's time limit end what was started here, too. */
export function endCommandsWithUs(): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      for (const pid of running) endGroup(pid, "SIGTERM");
      process.exit(code);
    });
  }
}

function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It had already ended.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function quietEnv(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _forced, ...env } = process.env;
  return {
    ...env,
    // The repository's own tools and its own Node first, also when this file was started by hand.
    PATH: [join(ROOT, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
    NO_COLOR: "1",
    DO_NOT_TRACK: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    // `pnpm` has checked the dependencies before it started us.
    pnpm_config_verify_deps_before_run: "false",
  };
}
