import { fileURLToPath } from "node:url";
import { simulate } from "./command/simulate.ts";

// The operators' command `npx pnpm studio simulate`. Nobody imports this file.

const chunk = fileURLToPath(new URL("./playChunk.ts", import.meta.url));
process.exitCode = await simulate(process.argv.slice(2), { chunk, breakage: {} });
