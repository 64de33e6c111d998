import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Programs of their own: they import the server, or start it, and the server does not import them. */
const PROGRAMS = {
  simulate: "../../simulation/src/main.ts",
  cluster: "../../cluster/src/main.ts",
} as const;

/** Runs one of the programs beside the server with these arguments: its exit code. */
export function runProgram(name: keyof typeof PROGRAMS, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const main = fileURLToPath(new URL(PROGRAMS[name], import.meta.url));
    const child = spawn(process.execPath, [main, ...args], { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
    // Ctrl-C reaches both already; the program decides when it is over.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => child.kill("SIGTERM"));
  });
}
