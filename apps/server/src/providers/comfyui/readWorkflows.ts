import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseWorkflow } from "./parseWorkflow.ts";
import type { Workflow } from "./parseWorkflow.ts";

const NAME = /^[a-z0-9][a-z0-9_-]{0,59}$/;

/**
 * The workflows in a folder, by name, and what is wrong with the others, each flaw with its file. A folder that does not
 * exist has none. Read once, when the studio starts.
 */
export function readWorkflows(folder: string): {
  readonly workflows: readonly Workflow[];
  readonly flaws: readonly string[];
} {
  const workflows: Workflow[] = [];
  const flaws: string[] = [];
  for (const name of namesIn(folder, flaws)) {
    const found = readOne(join(folder, name));
    if ("workflow" in found) workflows.push(found.workflow);
    else flaws.push(...found.flaws.map((flaw) => `${name}: ${flaw}`));
  }
  return { workflows, flaws };
}

function namesIn(folder: string, flaws: string[]): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .toSorted();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT"))
      flaws.push(`the folder cannot be read: ${String(error)}`);
    return [];
  }
}

function readOne(path: string): ReturnType<typeof parseWorkflow> {
  const name = basename(path, ".json");
  if (!NAME.test(name)) return { flaws: ["the name must be of small letters, digits, - and _"] };
  try {
    return parseWorkflow(workflowId(name), JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    return { flaws: [`cannot be read: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

export function workflowId(name: string): string {
  return `comfyui/${name}`;
}
