import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { sqlGuards } from "./sqlGuards.ts";
import { stateDiagram } from "./stateDiagram.ts";

/**
 * Writes what is made from the machines. `--check` writes nothing and fails when a file is not what the machines say.
 */
const made: readonly (readonly [file: string, text: string])[] = [
  ["docs/state-diagram.md", stateDiagram()],
  ["guards.sqlite.sql", sqlFile(sqlGuards("sqlite"))],
  ["guards.postgresql.sql", sqlFile(sqlGuards("postgres"))],
];

function sqlFile(statements: readonly string[]): string {
  return `-- Generated from the machines by \`pnpm run generate\`; do not edit.\n\n${statements.join("\n\n")}\n`;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

function written(file: string): string | null {
  try {
    return readFileSync(pathOf(file), "utf8");
  } catch {
    return null;
  }
}

const differing = made.filter(([file, text]) => written(file) !== text);

if (argv.includes("--check")) {
  for (const [file] of differing) console.error(`packages/lifecycle/${file} is not what the machines say.`);
  if (differing.length > 0) {
    console.error("Run `pnpm run generate` in packages/lifecycle and commit what it writes.");
    process.exitCode = 1;
  }
} else {
  mkdirSync(pathOf("docs"), { recursive: true });
  for (const [file, text] of differing) {
    writeFileSync(pathOf(file), text);
    console.log(`wrote packages/lifecycle/${file}`);
  }
}
