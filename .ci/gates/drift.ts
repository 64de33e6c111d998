import type { CommandResult } from "../runCommand.ts";
import { runCommand } from "../runCommand.ts";
import { workspacePackages } from "../workspacePackages.ts";

/** Every package with a `drift` script says whether its generated files are what it would generate now. */
export async function drift(): Promise<CommandResult> {
  const packages = workspacePackages().filter(({ scripts }) => "drift" in scripts);
  if (packages.length === 0) return { ok: false, output: "No package has a `drift` script: nothing was compared.\n" };
  const failed: string[] = [];
  for (const { name, folder } of packages) {
    const { ok, output } = await runCommand(["pnpm", "--dir", folder, "run", "drift"]);
    if (!ok) failed.push(`${name}\n${output}`);
  }
  return { ok: failed.length === 0, output: failed.join("\n") };
}
