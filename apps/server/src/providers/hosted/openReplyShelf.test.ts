import { describe, expect, it } from "vitest";
import { StorageError } from "../../storage/StorageError.ts";
import { openReplyShelf } from "./openReplyShelf.ts";
import type { PutOptions, Storage, StoredFile } from "../../storage/Storage.ts";

const PNG = Buffer.from("\x89PNG\r\n\x1a\n and more", "latin1");
const KEPT: StoredFile = { key: "a.png", bytes: PNG.length, sha256: "a" };

/** A storage that does as each put in turn is told, and a sleep that ends when it is told to, or by its signal. */
function stage(...puts: readonly ((options: PutOptions) => Promise<StoredFile>)[]) {
  let tries = 0;
  const sleeping: { readonly ms: number; readonly wake: () => void }[] = [];
  const storage: Pick<Storage, "put" | "get"> = {
    put: (_source, options) => puts[tries++]?.(options) ?? expect.fail("It was offered too often."),
    get: async () => null,
  };
  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((wake) => {
      sleeping.push({ ms, wake });
      if (signal.aborted) wake();
      signal.addEventListener("abort", () => wake());
    });
  return { shelf: openReplyShelf({ sleep }, { storage }), sleeping, tries: () => tries };
}

const away = (): Promise<StoredFile> => Promise.reject(new StorageError("unreachable", "The bucket is away."));
const fine = async (): Promise<StoredFile> => KEPT;
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe("[P6] a picture that came with an answer", () => {
  it("is offered again after a while as long as somebody waits for it", async () => {
    const { shelf, sleeping, tries } = stage(away, away, fine);
    const kept = shelf.keep(PNG, new AbortController().signal);
    for (const ms of [1_000, 2_000]) {
      await turns();
      expect(sleeping.map((sleep) => sleep.ms)).toContain(ms);
      sleeping.at(-1)?.wake();
    }
    expect([await kept, tries()]).toEqual(["a.png", 3]);
  });

  it("is offered once more, and at once, when nobody waits any longer: what was paid for is still kept", async () => {
    const patience = new AbortController();
    const { shelf, tries } = stage(away, fine);
    const kept = shelf.keep(PNG, patience.signal);
    await turns();
    expect(tries()).toBe(1);
    patience.abort(new Error("Nobody waits."));
    expect([await kept, tries()]).toEqual(["a.png", 2]);
  });

  it("is not offered for half a minute more by then", async () => {
    const patience = new AbortController();
    patience.abort(new Error("Nobody waits."));
    const { shelf, tries } = stage(away);
    await expect(shelf.keep(PNG, patience.signal)).rejects.toThrow("The bucket is away.");
    expect(tries()).toBe(1);
  });

  it("does not hang for ever on a storage that never answers", async () => {
    const patience = new AbortController();
    const never = ({ signal }: PutOptions): Promise<StoredFile> =>
      new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    const { shelf, sleeping } = stage(never, away);
    const kept = shelf.keep(PNG, patience.signal);
    patience.abort(new Error("Nobody waits."));
    await turns();
    expect(sleeping.map(({ ms }) => ms)).toEqual([15_000]);
    sleeping[0]?.wake();
    await expect(kept).rejects.toThrow("The bucket is away.");
  });
});
