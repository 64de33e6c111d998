import { playChunk } from "./command/playChunk.ts";

// A process that `playMany` starts. Nobody imports this file.

await playChunk(process.argv.slice(2), {});
