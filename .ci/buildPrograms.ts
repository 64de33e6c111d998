import type { CommandResult } from "./runCommand.ts";
import { runCommand } from "./runCommand.ts";

/** Builds server and web; turbo remembers what each was built from, so that nothing changed means nothing built. */
export function buildPrograms(): Promise<CommandResult> {
  return runCommand([
    "turbo",
    "run",
    "build",
    "--filter=@reelstate/server",
    "--filter=@reelstate/web",
    "--output-logs=errors-only",
    "--log-order=grouped",
  ]);
}
