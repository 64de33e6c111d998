import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { moveMedia } from "./moveMedia.ts";
import type { MediaWork } from "./moveMedia.ts";

const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

it("[A5] a move that breaks off ends when none of its files is under way any more: its folder was taken away under one that was still being written", async () => {
  const files = [Buffer.from("one"), Buffer.from("two")];
  const rows = files.map((bytes, at) => ({
    versionId: `V${at}`,
    key: `${hashOf(bytes)}.png`,
    bytes: bytes.length,
    sha256: hashOf(bytes),
    posterKey: null,
    thumbKey: null,
  }));
  const [first, second] = rows.map(({ key }) => key);
  let told = (): void => {};
  const slow = new Promise<void>((resolve) => (told = resolve));
  let writing = false;
  const work = {
    media: { count: () => 2, list: () => rows },
    source: {
      head: async (key: string) => {
        if (key === first) throw new Error("the bucket is away");
        return { bytes: 3 };
      },
      get: async (key: string) => ({ body: Readable.from([files[key === second ? 1 : 0]]) }),
    },
    target: {
      head: async () => null,
      get: async (key: string) => ({ body: Readable.from([files[key === second ? 1 : 0]]) }),
      put: async () => {
        writing = true;
        await slow;
        writing = false;
      },
    },
    note: async () => {},
    damaged: () => {},
    progress: () => {},
  } as unknown as MediaWork;
  let ended = false;
  const moved = moveMedia(work, { after: null, files: 0, bytes: 0 }).finally(() => (ended = true));
  moved.catch(() => {});
  await vi.waitFor(() => expect(writing).toBe(true));
  // All that is ready to run has run.
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toBe(false);
  told();
  await expect(moved).rejects.toThrow("the bucket is away");
  expect(writing).toBe(false);
});
