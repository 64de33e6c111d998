import type { CommandResult } from "../runCommand.ts";

/** One property of the whole repository, checked by a tool or by hand, and counted as one test. */
export interface Gate {
  readonly name: string;
  readonly check: () => CommandResult | Promise<CommandResult>;
}
