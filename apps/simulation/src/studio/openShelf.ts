import { createHash } from "node:crypto";
import { BrokenMedia } from "@reelstate/server/media/BrokenMedia.ts";
import { StorageError } from "@reelstate/server/storage/StorageError.ts";
import { durationMs } from "@reelstate/lifecycle";
import type { MediaShelf } from "@reelstate/server/media/openMediaShelf.ts";
import type { Storage } from "@reelstate/server/storage/Storage.ts";
import type { World } from "../World.ts";
import type { Output } from "../outside/openProvider.ts";
import type { ShelfSpace } from "../outside/openShelfSpace.ts";
import type { Gate } from "./openGate.ts";

const WHOLE_BYTES = 1_000;
const FAULT_ODDS = 0.06;

/** Shelf and storage of one process over files that outlive it: slow, refusing, or full at times. */
export function openShelf(
  world: World,
  { pass, realm }: Gate,
  space: ShelfSpace,
): { readonly shelf: MediaShelf; readonly storage: Storage } {
  const chance = world.chance.fork();
  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      realm.after(chance.between(1, world.trouble && chance.happens(0.05) ? 4_000 : 40), resolve);
    });

  async function write(key: string, bytes: number): Promise<void> {
    await wait();
    if (world.trouble && (space.full || chance.happens(FAULT_ODDS))) {
      const reason = space.full ? "full" : "broken";
      world.tell(realm.name, `storage ${reason}`, key);
      throw new StorageError(reason, "The studio's storage could not keep the file.");
    }
    space.files.set(key, { bytes, modifiedAt: realm.clock() });
    world.tell(realm.name, "keeps", key);
  }

  const shelf: MediaShelf = {
    store: (source, type) =>
      pass("shelf store", async () => {
        const output = source as unknown as Output;
        if (output.is === "empty") throw new BrokenMedia("Instead of media there was an empty file.");
        const sha256 = createHash("sha256").update(`${output.ref} ${output.is}`).digest("hex");
        const ext = type === "image" ? "png" : "mp4";
        const bytes = output.is === "whole" ? WHOLE_BYTES : WHOLE_BYTES / 2;
        await write(`${sha256}.${ext}`, bytes);
        return { key: `${sha256}.${ext}`, sha256, bytes, ext };
      }),
    examine: (file, type) =>
      pass("shelf examine", async () => {
        await wait();
        if (file.bytes !== WHOLE_BYTES) throw new BrokenMedia("The file ends too early.");
        const posterKey = `${file.sha256}-poster.webp`;
        const thumbKey = `${file.sha256}-thumb.webp`;
        await write(posterKey, 10);
        await write(thumbKey, 5);
        return {
          key: file.key,
          mime: type === "image" ? "image/png" : "video/mp4",
          bytes: file.bytes,
          sha256: file.sha256,
          width: 1_280,
          height: 720,
          durationMs: type === "image" ? null : durationMs(4_000),
          posterKey,
          thumbKey,
          thumbhash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
        };
      }),
    close: async () => {},
  };
  const storage: Pick<Storage, "withLocalFile" | "head" | "list" | "deleteUntouched" | "removeLeftovers"> = {
    withLocalFile: async (key, use) => {
      await pass("storage read", async () => {
        await wait();
        if (!space.files.has(key)) throw new StorageError("broken", `There is no ${key}.`);
        if (world.trouble && chance.happens(FAULT_ODDS / 2))
          throw new StorageError("broken", "A file could not be read.");
      });
      return use(`/simulated/${key}`);
    },
    head: async (key) => space.files.get(key) ?? null,
    list: async function* () {
      const files = await pass("storage list", async () => [...space.files]);
      for (const [key, file] of files) yield { key, ...file };
    },
    deleteUntouched: (key, since) =>
      pass("storage delete", async () => {
        await wait();
        const found = space.files.get(key);
        if (found === undefined || found.modifiedAt > since) return false;
        world.tell(realm.name, "collects", key);
        space.remove(key);
        return true;
      }),
    // What is put here is visible at once or not at all.
    removeLeftovers: async () => 0,
  };
  return { shelf, storage: storage as Storage };
}
