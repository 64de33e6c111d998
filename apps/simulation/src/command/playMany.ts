import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { addSum, nothing } from "./Sum.ts";
import type { Sum } from "./Sum.ts";

const PLAY_CHUNK = fileURLToPath(new URL("../playChunk.ts", import.meta.url));
const MOST_PROCESSES = 2;

/** Plays seeds `seed` to `seed + runs − 1` in two processes, and tells what they came to so far. */
export async function playMany(
  { runs, seed }: { readonly runs: number; readonly seed: number },
  tell: (sum: Sum) => void,
): Promise<Sum> {
  const sum = nothing();
  const step = Math.min(MOST_PROCESSES, availableParallelism(), runs);
  const chunks = Array.from({ length: step }, (_, index) =>
    playChunk([seed + index, Math.ceil((runs - index) / step), step], (more) => {
      addSum(sum, more);
      tell(sum);
    }),
  );
  await Promise.all(chunks);
  if (sum.lives !== runs) throw new Error(`Of ${runs} lives ${sum.lives} were played.`);
  return sum;
}

function playChunk(what: readonly number[], hear: (more: Sum) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(PLAY_CHUNK, what.map(String), {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: ["--max-semi-space-size=64"],
    });
    child.on("message", (message) => hear(message as Sum));
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`A process that played lives ended with ${signal ?? code}.`));
    });
  });
}
