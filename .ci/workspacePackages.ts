import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.ts";

export interface WorkspacePackage {
  readonly name: string;
  /** The name of its folder, which is also the name of its suite. */
  readonly suite: string;
  /** Its folder, from the root. */
  readonly folder: string;
  readonly scripts: Readonly<Record<string, string>>;
}

/** Every package of the workspace, in an order in which what is imported comes before what imports it. */
export function workspacePackages(): readonly WorkspacePackage[] {
  return ["packages", "apps"].flatMap((room) =>
    readdirSync(join(ROOT, room), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => readPackage(`${room}/${entry.name}`, entry.name))
      .filter((found) => found !== null),
  );
}

function readPackage(folder: string, suite: string): WorkspacePackage | null {
  let text: string;
  try {
    text = readFileSync(join(ROOT, folder, "package.json"), "utf8");
  } catch {
    // A folder left behind by another branch: node_modules and nothing else.
    return null;
  }
  const { name, scripts = {} } = JSON.parse(text) as { name: string; scripts?: Record<string, string> };
  return { name, suite, folder, scripts };
}
