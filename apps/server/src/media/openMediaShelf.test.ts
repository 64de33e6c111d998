import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";

const CLIP = new URL("../testing/media/clip-frames.webm", import.meta.url);

describe("the media shelf", () => {
  it("[J4] [A5] probes a real WebM clip, and takes its poster out of it", async () => {
    await using studio = await openTestStudio();
    const bytes = await readFile(CLIP);
    const file = await studio.shelf.store(Readable.from([bytes]), "video");
    const media = await studio.shelf.examine(file, "video");
    expect(media).toMatchObject({
      mime: "video/webm",
      bytes: bytes.length,
      width: 1080,
      height: 1080,
      durationMs: 3_333,
    });
    const poster = await studio.storage.get(media.posterKey);
    const { dominant, isOpaque } = await sharp(await buffer(poster?.body ?? Readable.from([]))).stats();
    expect(isOpaque).toBe(true);
    expect(Object.keys(dominant)).toEqual(["r", "g", "b"]);
  });

  it.each([0.5, 0.9, 0.999])("[J4] [A5] refuses %d of a real clip, whatever its beginning says", async (share) => {
    await using studio = await openTestStudio();
    const bytes = (await readFile(CLIP)).subarray(0, Math.floor((await readFile(CLIP)).length * share));
    const file = await studio.shelf.store(Readable.from([bytes]), "video");
    await expect(studio.shelf.examine(file, "video")).rejects.toMatchObject({ name: "BrokenMedia" });
  });

  it("tells what a file is from its bytes, however they come in", async () => {
    await using studio = await openTestStudio();
    const bytes = await sharp({ create: { width: 30, height: 20, channels: 3, background: "#246" } })
      .webp()
      .toBuffer();
    const single = Array.from(bytes, (byte) => Buffer.from([byte]));
    expect(await studio.shelf.store(Readable.from(single), "image")).toMatchObject({
      ext: "webp",
      bytes: bytes.length,
    });
    await expect(studio.shelf.store(Readable.from([bytes]), "video")).rejects.toMatchObject({ name: "BrokenMedia" });
    await expect(studio.shelf.store(Readable.from([]), "image")).rejects.toThrow(
      "Instead of a picture there was an empty file.",
    );
  });
});
