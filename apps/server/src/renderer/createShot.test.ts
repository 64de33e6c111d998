import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createShot } from "./createShot.ts";
import type { VideoRequest } from "./protocol.ts";
import { temporaryFolder, videoRequest } from "./testing.ts";

const FRAMES = 48;

/** The pixels of the first, middle and last frame; a hole where nothing was drawn stays transparent. */
async function frames(changes: Partial<VideoRequest>): Promise<Uint8ClampedArray[]> {
  const request = videoRequest("unused", { durationMs: 2000, width: 160, height: 90, ...changes });
  const shot = await createShot(request, request.fps);
  return [0, FRAMES / 2, FRAMES - 1].map((frame) => {
    const ctx = createCanvas(request.width, request.height).getContext("2d");
    shot.drawFrame(ctx, frame, FRAMES);
    return ctx.getImageData(0, 0, request.width, request.height).data;
  });
}

const holes = (bytes: Uint8ClampedArray): number => bytes.filter((value, at) => at % 4 === 3 && value < 255).length;

const changed = (one: Uint8ClampedArray, other: Uint8ClampedArray): number =>
  one.reduce((sum, value, at) => sum + (Math.abs(value - (other[at] ?? 0)) > 24 ? 1 : 0), 0) / one.length;

describe("a shot", () => {
  it.each([
    "pan left",
    "pan right",
    "tilt up",
    "tilt down",
    "zoom in",
    "zoom out",
    "dolly in",
    "pull back",
    "orbit",
    "static",
  ])("fills every frame of a %s, drawn or photographed", async (move) => {
    await using folder = await temporaryFolder();
    const inputPath = join(folder.path, "stripes.png");
    const stripe = { input: { create: { width: 20, height: 300, channels: 3, background: "#204080" } } } as const;
    await sharp({ create: { width: 400, height: 300, channels: 3, background: "#e0b040" } })
      .composite([40, 120, 200, 280, 360].map((left) => ({ ...stripe, left, top: 0 })))
      .png()
      .toFile(inputPath);
    const drawn = await frames({ prompt: `mountains at noon, ${move}` });
    const photographed = await frames({ prompt: move, inputPath });
    expect([...drawn, ...photographed].map(holes)).toEqual([0, 0, 0, 0, 0, 0]);
    const [first, , last] = photographed;
    if (!first || !last) throw new Error("no frames");
    // Stripes stand upright: only a move across or into them can be seen.
    if (/pan|zoom|dolly|pull|orbit/.test(move)) expect(changed(first, last)).toBeGreaterThan(0.05);
    if (move === "static") expect(changed(first, last)).toBeLessThan(0.05);
  });

  it("moves the scenery further than the sky", async () => {
    const [first, , last] = await frames({ prompt: "lavender field at noon, pan right", width: 320, height: 180 });
    if (!first || !last) throw new Error("no frames");
    const third = Math.floor(first.length / 3 / 4) * 4;
    expect(changed(first.subarray(third * 2), last.subarray(third * 2))).toBeGreaterThan(
      2 * changed(first.subarray(0, third), last.subarray(0, third)),
    );
  });

  it("refuses a file that only calls itself a picture", async () => {
    await using folder = await temporaryFolder();
    const inputPath = join(folder.path, "empty.webp");
    await writeFile(inputPath, "");
    await expect(frames({ inputPath })).rejects.toMatchObject({ code: "invalid_input" });
  });
});
