import { writeFile } from "node:fs/promises";
import { createCanvas } from "@napi-rs/canvas";
import { createShot } from "./createShot.ts";
import { FRAMES_PER_SECOND } from "./protocol.ts";
import type { ImageRequest } from "./protocol.ts";

/** Draws one picture into `path`. Progress in three measured steps: painted, printed, written. */
export async function renderImage(
  request: ImageRequest,
  path: string,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const shot = await createShot(request, FRAMES_PER_SECOND);
  onProgress(1, 3);
  const canvas = createCanvas(request.width, request.height);
  shot.drawFrame(canvas.getContext("2d"), 0, 1);
  onProgress(2, 3);
  const bytes = request.format === "png" ? await canvas.encode("png") : await canvas.encode("webp", 92);
  await writeFile(path, bytes);
  onProgress(3, 3);
}
