import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The proof that plays whole lives is a program of its own: it imports the server, and the server does not import it. */
const MAIN = fileURLToPath(new URL("../../simulation/src/main.ts", import.meta.url));

/** `npx pnpm studio simulate`: its exit code. */
export function simulate(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
