import { pino } from "pino";
import { parseConfig } from "./config.ts";
import { explainStart } from "./explainStart.ts";
import { loadProviders } from "./providers/hosted/loadProviders.ts";
import { startStudio } from "./startStudio.ts";
import type { RunningStudio } from "./startStudio.ts";

// Reads the environment, starts the studio, and stops it when asked. Nobody imports this file.

try {
  const config = parseConfig(process.env, await loadProviders(process.env, process.cwd()));
  const log = pino({ level: config.logLevel, base: null });
  const studio = await startStudio(config, log);
  stopWhenAsked(studio);
  process.stdout.write(`\n  Reelstate is ready: ${studio.url}\n\n`);
} catch (error) {
  process.stderr.write(`${explainStart(error)}\n`);
  process.exitCode = 1;
}

/** The first signal drains; a second one exits now. */
function stopWhenAsked(studio: RunningStudio): void {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      studio.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${explainStart(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}
