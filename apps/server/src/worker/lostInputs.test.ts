import { describe, expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
import type { AssetId } from "@reelstate/lifecycle";

/** A studio with a picture to refer to, whose storage can stop giving it out. */
async function openForgetful() {
  let reference = "";
  let lost = false;
  let atSubmit = (): void => {};
  const studio = await openTestStudio({
    wrapStorage: (storage) => ({
      ...storage,
      withLocalFile: (key, use) =>
        lost && key === reference ? Promise.reject(new Error("gone")) : storage.withLocalFile(key, use),
    }),
    wrapProvider: (simulator) => ({
      ...simulator,
      submit: (request, signal) => {
        atSubmit();
        return simulator.submit(request, signal);
      },
    }),
  });
  const worker = studio.startWorker();
  // Another picture than those made of it, which are read from the same storage.
  const { id, currentVersion } = await studio.ended((await studio.create({ outputWidth: 320 })).id);
  reference = currentVersion.media?.url.slice("/media/".length) ?? "";
  const submits = studio.testimony(["submit"]).length;
  return {
    studio,
    worker,
    create: (script: Record<string, unknown>) => studio.create(script, { inputs: [id] }),
    lose: () => void (lost = true),
    loseAtSubmit: () => void (atSubmit = () => void (lost = true)),
    /** How it ended, and how often the provider was asked for it. */
    end: async (made: AssetId) => {
      const { status, errorCode, lastJob } = await studio.ended(made);
      const bought = studio.testimony(["submit"]).length - submits;
      return { status, errorCode, charged: lastJob?.charged, bought };
    },
    [Symbol.asyncDispose]: () => studio[Symbol.asyncDispose](),
  };
}

const MADE = { status: "completed", errorCode: null, charged: 6, bought: 1 };

describe("what was bought with a reference picture that can no longer be read", () => {
  it("[P1] [P6] is taken up again by the next attempt, and fetched", async () => {
    await using forgetful = await openForgetful();
    const { studio, worker } = forgetful;
    const { id } = await forgetful.create({ runMs: 500 });
    await studio.until(id, ({ liveJob }) => liveJob?.phase === "at_provider");
    await worker.drain(0);
    forgetful.lose();
    studio.startWorker();
    expect(await forgetful.end(id)).toEqual(MADE);
    expect(studio.rows("SELECT failures FROM job WHERE asset_id = ?", id)).toEqual([{ failures: 0 }]);
  });

  it("[P6] is fetched by a recovery", async () => {
    await using forgetful = await openForgetful();
    const { id } = await forgetful.create({ fail: { code: "storage_failed", at: "store", retryable: true, times: 3 } });
    expect(await forgetful.end(id)).toMatchObject({ status: "failed", errorCode: "storage_failed" });
    forgetful.lose();
    await forgetful.studio.api.assets.recover({ id });
    expect(await forgetful.end(id)).toEqual(MADE);
  });

  it("[P2] is looked up where it cannot be asked for once more, though that would be one request", async () => {
    await using forgetful = await openForgetful();
    forgetful.loseAtSubmit();
    const { id } = await forgetful.create({ dropAnswer: true, idempotent: true });
    expect(await forgetful.end(id)).toEqual(MADE);
    expect(forgetful.studio.testimony(["lookup"])).toHaveLength(1);
  });

  it("[P2] fails as unconfirmed, recoverable, where it can neither be looked up nor asked for once more", async () => {
    await using forgetful = await openForgetful();
    forgetful.loseAtSubmit();
    const { id } = await forgetful.create({ dropAnswer: true, idempotent: true, lookup: false });
    expect(await forgetful.end(id)).toMatchObject({ status: "failed", errorCode: "unconfirmed_submit", bought: 1 });
    expect((await forgetful.studio.get(id)).lastJob).toMatchObject({ recoverable: true });
  });
});
