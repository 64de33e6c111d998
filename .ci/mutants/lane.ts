// One lane of the proof, a process of its own in a package's folder: answers what it is asked over IPC, and ends with whoever
// started it. Started by `openLane`.
import { openTargets } from "./targets.ts";
import type { Asked, Answered } from "./openLane.ts";

const [packageFolder] = process.argv.slice(2);
if (packageFolder === undefined) throw new Error("Name the package's folder.");
const targets = await openTargets(packageFolder);
process.once("disconnect", () => process.exit(0));
process.on("message", (message) => void answer(message as Asked));

async function answer({ file, names, mutant }: Asked): Promise<void> {
  let answered: Answered;
  try {
    answered = { run: await targets.run(file, names, mutant) };
  } catch (error) {
    answered = { broke: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(answered);
}
