import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { SAMPLE_MEDIA } from "@reelstate/lifecycle/testing";
import { expect, it } from "vitest";
import { judgeMedia } from "./judgeMedia.ts";
import type { Media } from "@reelstate/lifecycle";
import type { AddressInfo } from "node:net";
import type { Evidence } from "./readEvidence.ts";

const hashOf = (bytes: string): string => createHash("sha256").update(bytes).digest("hex");
const [picture, preview] = ["the picture", "its preview"];
const media: Media = {
  ...SAMPLE_MEDIA,
  url: `/media/${hashOf(picture)}.png`,
  posterUrl: `/media/${hashOf(picture)}.png`,
  thumbUrl: `/media/${hashOf(preview)}.webp`,
  sha256: hashOf(picture),
  bytes: picture.length,
};

async function flawsOf(files: Readonly<Record<string, string>>, shown: Media | null): Promise<number> {
  const server = createServer((request, response) => {
    const bytes = files[request.url ?? ""];
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const versions = [{ id: "version-1", status: "completed", media: shown }];
    const evidence = { histories: new Map([["asset-1", { transitions: [], versions }]]) } as unknown as Evidence;
    return (await judgeMedia(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, evidence)).length;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it("[A5] media that is gone, cut short or another file is accused, and previews too", async () => {
  const files = { [media.url]: picture, [media.thumbUrl]: preview };
  expect(await flawsOf(files, media)).toBe(0);
  expect(await flawsOf(files, null)).toBe(1);
  expect(await flawsOf({ [media.url]: picture }, media)).toBe(1);
  expect(await flawsOf({ ...files, [media.url]: "the pict" }, media)).toBe(1);
  expect(await flawsOf({ ...files, [media.thumbUrl]: "" }, media)).toBe(1);
  expect(await flawsOf(files, { ...media, bytes: 1 })).toBe(1);
  expect(await flawsOf(files, { ...media, sha256: hashOf(preview) })).toBe(1);
});
