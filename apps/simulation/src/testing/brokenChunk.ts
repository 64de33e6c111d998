import { playChunk } from "../command/playChunk.ts";
import { forgetIntents } from "./forgetIntents.ts";

// What `brokenMain.ts` plays many lives with.

await playChunk(process.argv.slice(2), forgetIntents);
