import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { addSum, nothing } from "./Sum.ts";
import type { Sum } from "./Sum.ts";

const MOST_PROCESSES = 2;

/** Plays seeds `seed` to `seed + runs − 1` in two processes of the program `chunk`, and tells what they came to so far. */
export async function playMany(
  { runs, seed, chunk }: { readonly runs: number; readonly seed: number; readonly chunk: string },
  tell: (sum: Sum) => void,
): Promise<Sum> {
  const sum = nothing();
  const step = Math.min(MOST_PROCESSES, availableParallelism(), runs);
  const chunks = Array.from({ length: step }, (_, index) =>
    playChunk(chunk, [seed + index, Math.ceil((runs - index) / step), step], (more) => {
      addSum(sum, more);
      tell(sum);
    }),
  );
  await Promise.all(chunks);
  if (sum.lives !== runs) throw new Error(`Of ${runs} lives ${sum.lives} were played.`);
  return sum;
}

function playChunk(program: string, what: readonly number[], hear: (more: Sum) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(program, what.map(String), {
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
