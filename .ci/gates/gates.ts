import { runCommand } from "../runCommand.ts";
import { bundleBudget } from "./bundleBudget.ts";
import { drift } from "./drift.ts";
import type { Gate } from "./Gate.ts";
import { ruleCoverage } from "./ruleCoverage.ts";

/** In the order in which they are told. They read the build, so it comes first. */
export const GATES: readonly Gate[] = [
  { name: "format", check: () => runCommand(["oxfmt", "--check"]) },
  { name: "lint", check: () => runCommand(["oxlint", "--type-aware", "--deny-warnings"]) },
  {
    name: "types",
    check: () =>
      runCommand(["turbo", "run", "typecheck", "typecheck:ci", "--continue=always", "--output-logs=errors-only"]),
  },
  { name: "boundaries", check: () => runCommand(["turbo", "boundaries"]) },
  { name: "dead code", check: () => runCommand(["knip", "--no-progress"]) },
  { name: "bundle budget", check: bundleBudget },
  { name: "generated files", check: drift },
  { name: "rule coverage", check: ruleCoverage },
];
