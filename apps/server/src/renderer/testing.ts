import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCanvas, Image } from "@napi-rs/canvas";
import type { ImageRequest, VideoRequest } from "./protocol.ts";

/** A folder that goes away with its test. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "reelstate-render-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const common = {
  prompt: "A lighthouse by the sea at dusk",
  seed: 7,
  aspectRatio: "16:9",
  width: 192,
  height: 108,
  slate: false,
  language: "en",
  inputPath: null,
} as const;

export function imageRequest(outPath: string, changes: Partial<ImageRequest> = {}): ImageRequest {
  return { ...common, type: "image", format: "png", outPath, ...changes };
}

export function videoRequest(outPath: string, changes: Partial<VideoRequest> = {}): VideoRequest {
  return { ...common, type: "video", fps: 24, durationMs: 1000, outPath, ...changes };
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  at(x: number, y: number): readonly [red: number, green: number, blue: number];
  readonly bytes: Uint8ClampedArray;
}

export async function readPixels(file: Uint8Array): Promise<Pixels> {
  const image = new Image();
  image.src = file;
  await image.decode();
  const ctx = createCanvas(image.width, image.height).getContext("2d");
  ctx.drawImage(image, 0, 0);
  const { data: bytes, width, height } = ctx.getImageData(0, 0, image.width, image.height);
  return {
    width,
    height,
    bytes,
    at: (x, y) => [
      bytes[(y * width + x) * 4] ?? 0,
      bytes[(y * width + x) * 4 + 1] ?? 0,
      bytes[(y * width + x) * 4 + 2] ?? 0,
    ],
  };
}
