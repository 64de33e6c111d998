import { explainStart } from "./explainStart.ts";
import { doctor } from "./health/doctor.ts";
import { migrate } from "./moving/migrate.ts";
import { runProgram } from "./runProgram.ts";

// The operators' command: `npx pnpm studio <command>`.

const CLEARED_LINE = "\r\u001B[K";

const terminal = {
  say: (line: string): void => {
    if (process.stderr.isTTY) process.stderr.write(CLEARED_LINE);
    process.stdout.write(`${line}\n`);
  },
  progress: (line: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`${CLEARED_LINE}${line}`);
  },
};

const COMMANDS = {
  doctor: (args: readonly string[]) => doctor(args, process.env, terminal),
  migrate: (args: readonly string[]) => migrate(args, process.env, terminal),
  simulate: (args: readonly string[]) => runProgram("simulate", args),
  cluster: (args: readonly string[]) => runProgram("cluster", args),
} as const;

const HELP = `npx pnpm studio <command>

  doctor      looks for damage in the database and the files, and explains it
  migrate     moves a stopped studio from SQLite to PostgreSQL, and its media to an S3 store
  cluster     runs the studio as many processes on this machine, on PostgreSQL and an S3 store
  simulate    plays whole lives of the studio on a virtual clock, and judges them

Each command explains itself with --help.
`;

const [name = "", ...args] = process.argv.slice(2);
if (Object.hasOwn(COMMANDS, name)) {
  try {
    process.exitCode = await COMMANDS[name as keyof typeof COMMANDS](args);
  } catch (error) {
    process.stderr.write(`${explainStart(error)}\n`);
    process.exitCode = 1;
  }
} else {
  const asked = ["--help", "-h", "help"].includes(name);
  (asked ? process.stdout : process.stderr).write(HELP);
  process.exitCode = asked ? 0 : 1;
}
