import { fileURLToPath } from "node:url";
import { simulate } from "../command/simulate.ts";
import { forgetIntents } from "./forgetIntents.ts";

// The command `simulate` as it is, of a studio that is broken. A program that tests start.

const chunk = fileURLToPath(new URL("./brokenChunk.ts", import.meta.url));
process.exitCode = await simulate(process.argv.slice(2), { chunk, breakage: forgetIntents });
