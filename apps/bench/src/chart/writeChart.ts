import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { toSvg } from "./svg.ts";
import type { Drawing } from "./svg.ts";

const FOLDER = new URL("../../../../docs/images/", import.meta.url);

/** Where the documentation shows it; answers the file. */
export async function writeChart(name: string, drawings: readonly Drawing[]): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const file = fileURLToPath(new URL(`${name}.svg`, FOLDER));
  await writeFile(file, toSvg(drawings));
  return file;
}
