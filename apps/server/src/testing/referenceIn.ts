import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

/** A picture to refer to, in a folder. */
export async function referenceIn(folder: string): Promise<string> {
  const path = join(folder, "reference.png");
  const square = sharp({ create: { width: 40, height: 40, channels: 3, background: "teal" } });
  await writeFile(path, await square.png().toBuffer());
  return path;
}
