import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openCluster } from "./openCluster.ts";

// The operators' command `npx pnpm studio cluster`. Nobody imports this file.

const HELP = `npx pnpm studio cluster [--port N] [--apis N] [--workers N]

Runs the studio as many processes on this machine, to see how it behaves: PostgreSQL, an S3 store, processes that answer browsers,
processes that make assets, and a proxy before them. It begins empty, and everything is gone when it is stopped.
`;

const BUILD = fileURLToPath(new URL("../../../.ci/build.ts", import.meta.url));

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function whole(name: string, value: string, [least, most]: readonly [number, number]): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
  throw new Error(`--${name} must be a whole number from ${least} to ${most}, and was ${JSON.stringify(value)}.`);
}

try {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "4600" },
      apis: { type: "string", default: "2" },
      workers: { type: "string", default: "3" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) say(HELP);
  else
    await run({
      port: whole("port", values.port, [0, 65_535]),
      apis: whole("apis", values.apis, [1, 16]),
      workers: whole("workers", values.workers, [1, 16]),
    });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  process.exitCode = 1;
}

async function run(options: { readonly port: number; readonly apis: number; readonly workers: number }): Promise<void> {
  if (spawnSync(process.execPath, [BUILD], { stdio: "inherit" }).status !== 0) {
    process.exitCode = 1;
    return;
  }
  // Heard from the beginning: whoever stops it while it starts would leave its folder behind.
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  await using cluster = await openCluster({ ...options, ownGroups: true, tell: (line) => say(`  ${line}`) });
  say(`\n  The cluster is ready: ${cluster.url}\n`);
  await stopped;
  say("  stopping");
  await Promise.all([...cluster.apis, ...cluster.workers].map((member) => member.terminate()));
}
