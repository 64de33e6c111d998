import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { RenderError } from "./RenderError.ts";
import { renderImage } from "./renderImage.ts";
import { PLACES } from "./scene/SceneBrief.ts";
import type { Place } from "./scene/SceneBrief.ts";
import type { ImageRequest } from "./protocol.ts";
import { imageRequest, readPixels, temporaryFolder } from "./testing.ts";

async function draw(changes: Partial<ImageRequest> = {}): Promise<Buffer> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "picture");
  await renderImage(imageRequest(path, changes), path, () => undefined);
  return await readFile(path);
}

const PROMPTS = {
  sea: "sea",
  mountains: "mountains",
  forest: "forest",
  desert: "desert",
  city: "city",
  street: "street",
  field: "field",
  lake: "lake",
  river: "river",
  snowfield: "tundra",
  space: "planet",
  room: "room",
  abstract: "hmm",
} as const satisfies Record<Place, string>;

describe("a drawn picture", () => {
  it("is the same to the byte for the same request", async () => {
    expect((await draw()).equals(await draw())).toBe(true);
  });

  it("is another one for another seed", async () => {
    const [one, other] = await Promise.all([readPixels(await draw({ seed: 1 })), readPixels(await draw({ seed: 2 }))]);
    const changed = one.bytes.reduce(
      (sum, value, at) => sum + (Math.abs(value - (other.bytes[at] ?? 0)) > 24 ? 1 : 0),
      0,
    );
    expect(changed / one.bytes.length).toBeGreaterThan(0.1);
  });

  for (const place of PLACES) {
    it(`covers the whole frame and holds more than a gradient: ${place}`, async () => {
      const { bytes, width, height } = await readPixels(await draw({ prompt: PROMPTS[place] }));
      expect([width, height]).toEqual([192, 108]);
      const tones = new Set<number>();
      for (let at = 0; at < bytes.length; at += 4) {
        if (bytes[at + 3] !== 255) throw new Error(`a hole at pixel ${at / 4}`);
        tones.add(((bytes[at] ?? 0) >> 4) * 256 + ((bytes[at + 1] ?? 0) >> 4) * 16 + ((bytes[at + 2] ?? 0) >> 4));
      }
      expect(tones.size).toBeGreaterThan(40);
    });
  }

  it("is dark at night and light by day", async () => {
    const mean = async (prompt: string): Promise<number> => {
      const { bytes } = await readPixels(await draw({ prompt }));
      return bytes.reduce((sum, value, at) => sum + (at % 4 === 3 ? 0 : value), 0) / ((bytes.length * 3) / 4);
    };
    expect(await mean("mountains at noon")).toBeGreaterThan((await mean("mountains at midnight")) * 1.8);
  });

  it("comes as WebP when asked", async () => {
    expect((await sharp(await draw({ format: "webp" })).metadata()).format).toBe("webp");
  });
});

describe("the slate", () => {
  const bar = async (prompt: string): Promise<string> => {
    const { bytes, width, height } = await readPixels(
      await draw({ prompt, slate: true, language: "zh", width: 384, height: 216 }),
    );
    return Buffer.from(bytes.buffer, (height - 24) * width * 4, 24 * width * 4).toString("base64");
  };

  it("writes Chinese with glyphs of its own, not with boxes", async () => {
    // Without a font both captions would be the same row of empty boxes, or nothing.
    const [words, others, none] = await Promise.all([bar("海边的灯塔"), bar("雨夜的街道"), bar(" ")]);
    expect(words).not.toBe(others);
    expect(words).not.toBe(none);
  });

  it("keeps a long prompt inside its bars", async () => {
    const { at, width, height } = await readPixels(
      await draw({ prompt: "夜".repeat(400), slate: true, language: "zh" }),
    );
    expect(at(1, height - 2)).toEqual(at(width - 2, height - 2));
    expect(Math.max(...at(width - 2, height - 2))).toBeLessThan(24);
  });
});

describe("a reference picture", () => {
  /** Left half red, right half blue, lying on its side as a phone stores it when held upright. */
  const sideways = (): Promise<Buffer> =>
    sharp({ create: { width: 200, height: 160, channels: 3, background: "#0000ff" } })
      .composite([
        { input: { create: { width: 200, height: 80, channels: 3, background: "#ff0000" } }, left: 0, top: 80 },
      ])
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();

  it("is what the picture shows, upright and at the asked shape", async () => {
    await using folder = await temporaryFolder();
    const inputPath = join(folder.path, "sideways.jpg");
    await writeFile(inputPath, await sideways());
    const { at, width, height } = await readPixels(await draw({ inputPath, prompt: "noon", width: 120, height: 120 }));
    expect([width, height]).toEqual([120, 120]);
    const [left, right] = [at(24, 60), at(96, 60)];
    expect(left[0]).toBeGreaterThan(left[2] * 2);
    expect(right[2]).toBeGreaterThan(right[0] * 2);
  });

  it("that is a strip is cut before it is sized, not blown up first", async () => {
    await using folder = await temporaryFolder();
    const inputPath = join(folder.path, "strip.png");
    await sharp({ create: { width: 12_000, height: 4, channels: 3, background: "#cc2200" } })
      .png()
      .toFile(inputPath);
    const before = process.memoryUsage().rss;
    const { at, width, height } = await readPixels(await draw({ inputPath, prompt: "noon", width: 320, height: 180 }));
    expect([width, height]).toEqual([320, 180]);
    expect(at(160, 90)[0]).toBeGreaterThan(at(160, 90)[2] * 2);
    // Sized first it would be a picture of 97 million pixels.
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it("that cannot be read is refused as invalid input", async () => {
    await using folder = await temporaryFolder();
    const inputPath = join(folder.path, "noise.jpg");
    await writeFile(inputPath, "not a picture");
    const attempt = draw({ inputPath });
    await expect(attempt).rejects.toBeInstanceOf(RenderError);
    await expect(attempt).rejects.toMatchObject({ code: "invalid_input" });
  });
});
