import { explainStart } from "./explainStart.ts";
import { doctor } from "./health/doctor.ts";

// The operators' command: `npx pnpm studio <command>`.

const terminal = {
  say: (line: string): void => {
    process.stdout.write(`${line}\n`);
  },
  progress: (line: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
  },
};

const COMMANDS = {
  doctor: (args: readonly string[]) => doctor(args, process.env, terminal),
} as const;

const [name = "", ...args] = process.argv.slice(2);
if (name in COMMANDS) {
  try {
    process.exitCode = await COMMANDS[name as keyof typeof COMMANDS](args);
  } catch (error) {
    process.stderr.write(`${explainStart(error)}\n`);
    process.exitCode = 1;
  }
} else {
  process.stderr.write(`Say which: npx pnpm studio ${Object.keys(COMMANDS).join(" | ")}\n`);
  process.exitCode = 1;
}
