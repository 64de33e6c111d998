import { fork } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../root.ts";
import type { Mutant } from "./Mutant.ts";
import type { TargetRun } from "./targets.ts";

export interface Asked {
  readonly file: string;
  readonly names: readonly string[];
  readonly mutant: Mutant | null;
}

/** What came of it; `broke` when the tests could not be run at all. */
export type Answered = { readonly run: TargetRun } | { readonly broke: string };

export interface Lane {
  readonly packageFolder: string;
  readonly ask: (asked: Asked) => Promise<Answered>;
  readonly close: () => void;
}

const LANE = fileURLToPath(new URL("lane.ts", import.meta.url));
const LIMIT_MS = 180_000;

/** Runs a package's tests in a process of its own, so that a mutant that never lets go of the processor can be ended. */
export function openLane(packageFolder: string): Lane {
  const child = fork(LANE, [packageFolder], {
    cwd: join(ROOT, packageFolder),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said.push(text);
      if (said.length > 200) said.shift();
    });
  }
  return {
    packageFolder,
    ask: (asked) =>
      new Promise((resolve) => {
        const end = (answered: Answered): void => {
          clearTimeout(limit);
          child.removeAllListeners("message").removeAllListeners("exit");
          resolve(answered);
        };
        const limit = setTimeout(() => {
          child.kill("SIGKILL");
          end({ broke: `came to no end in ${LIMIT_MS / 1_000} s` });
        }, LIMIT_MS);
        if (!child.connected) return end({ broke: `the lane is gone: ${said.join("")}` });
        child.once("message", (message) => end(message as Answered));
        child.once("exit", (code) => end({ broke: `the lane ended with ${code}: ${said.join("")}` }));
        child.send(asked);
      }),
    close: () => void child.kill(),
  };
}
