// `pnpm build`, and the first half of `pnpm start`: silent when nothing changed, two lines when something was built,
// everything the tools said when they failed.
import { buildPrograms } from "./buildPrograms.ts";
import { endCommandsWithUs } from "./runCommand.ts";
import { seconds } from "./seconds.ts";

const SILENT_MS = 600;

endCommandsWithUs();
const startedAt = performance.now();
let told = false;
const telling = setTimeout(() => {
  told = true;
  console.log("Building the studio. The first time takes a few seconds; later starts only build what changed.");
}, SILENT_MS);
const { ok, output } = await buildPrograms();
clearTimeout(telling);

if (!ok) {
  console.error(output);
  console.error("The studio could not be built: the reason is above.");
  process.exitCode = 1;
} else if (told) {
  console.log(`Built in ${seconds(performance.now() - startedAt)}.`);
}
