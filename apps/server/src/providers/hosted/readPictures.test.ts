import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../testing/temporaryFolder.ts";
import { ProviderFlaw } from "./ProviderFlaw.ts";
import { readPictures } from "./readPictures.ts";
import type { ClassifiedError } from "../Provider.ts";
import type { PictureLimits } from "./readPictures.ts";

const MEGABYTE = 1_000_000;

/** Files of so many bytes, none of which is a picture: whoever reads one will say so. */
async function files(folder: string, ...sizes: readonly number[]): Promise<readonly string[]> {
  const paths = sizes.map((_size, index) => join(folder, `${index}.png`));
  for (const [index, path] of paths.entries()) {
    await writeFile(path, "");
    await truncate(path, sizes[index]);
  }
  return paths;
}

async function refusal(paths: readonly string[], limits: Partial<PictureLimits> = {}): Promise<ClassifiedError> {
  const thrown: unknown = await readPictures(paths, { who: "Acme", ...limits }).then(
    () => expect.fail("They were read."),
    (error: unknown) => error,
  );
  if (!(thrown instanceof ProviderFlaw)) throw thrown;
  return thrown.classified;
}

it("gives reference pictures with what they are, in their order", async () => {
  await using folder = await temporaryFolder();
  const square = sharp({ create: { width: 8, height: 8, channels: 3, background: "teal" } });
  const paths = [join(folder.path, "a"), join(folder.path, "b")];
  await writeFile(paths[0] ?? "", await square.png().toBuffer());
  await writeFile(paths[1] ?? "", await square.webp().toBuffer());
  const pictures = await readPictures(paths, { who: "Acme" });
  expect(pictures.map(({ ext, mime }) => [ext, mime])).toEqual([
    ["png", "image/png"],
    ["webp", "image/webp"],
  ]);
  expect((await sharp(pictures[1]?.bytes).metadata()).width).toBe(8);
});

it("[P2] names the one that is too large, and reads none of them", async () => {
  await using folder = await temporaryFolder();
  const paths = await files(folder.path, MEGABYTE, 10_000_001, MEGABYTE);
  expect(await refusal(paths, { each: 10 * MEGABYTE })).toEqual({
    code: "invalid_input",
    message: "Reference picture 2 has 10.1 MB, and Acme takes up to 10 MB; choose a smaller one.",
    retryable: false,
    notAccepted: true,
  });
});

it("[P2] takes no more into memory than a request may have, whatever each of them has", async () => {
  await using folder = await temporaryFolder();
  const fourteen = await files(folder.path, ...Array.from({ length: 14 }, () => 20 * MEGABYTE));
  expect(await refusal(fourteen)).toMatchObject({
    code: "invalid_input",
    message:
      "The 14 reference pictures have 280 MB together, and Acme takes up to 33.5 MB; choose fewer or smaller ones.",
    notAccepted: true,
  });
  expect(await refusal(fourteen.slice(0, 1), { total: 9 * MEGABYTE })).toMatchObject({
    message: "The reference picture has 20 MB, and Acme takes up to 9 MB; choose a smaller one.",
  });
});

it.each([
  ["is not there", () => "/nowhere/gone.png"],
  ["is no picture", async (folder: string) => (await files(folder, 100))[0] ?? ""],
])("[P2] one that %s cannot be read, and may be another time", async (_how, path) => {
  await using folder = await temporaryFolder();
  expect(await refusal([await path(folder.path)])).toMatchObject({
    code: "storage_failed",
    retryable: true,
    notAccepted: true,
  });
});
