import { expect, it } from "vitest";
import { openStudio } from "../openStudio.ts";
import { MENDABLE, NOT_MENDABLE } from "./damages.ts";
import type { SetAside } from "../../aside/openAside.ts";
import type { Finding } from "../../store/keeping.ts";
import type { OpenedStore, Studio } from "../openStudio.ts";
import type { Damage } from "./damages.ts";

/** A store whose tables a hand can reach, past their guards and the store. */
export interface Patient extends OpenedStore {
  /** Runs statements without the guards, which are put back as they were. */
  readonly byHand: (sql: string) => Promise<void>;
  /** What was set aside, in order. */
  readonly told: readonly SetAside[];
  /** Everything that is in the tables, to be compared. */
  readonly contents: () => Promise<unknown>;
}

type OpenPatient = () => Promise<Patient>;

async function rowVersions({ store, workspaceId }: Studio): Promise<ReadonlyMap<string, number>> {
  const { items } = await store.listAssets({ workspaceId, limit: 100 });
  return new Map(items.map(({ id, rowVersion }) => [id, rowVersion]));
}

/** Damages a studio and gives what is found there; disposing of it does not ask whether all is well. */
async function damage(patient: Patient, { make }: Pick<Damage, "make">) {
  const studio = await openStudio(async () => patient);
  const { subject, sql } = await make(studio);
  // Long enough for a lease to be long over.
  studio.advanceClock(10 * 60_000);
  const head = await studio.store.feedHead({ workspaceId: studio.workspaceId });
  await patient.byHand(sql);
  return { studio, subject, head };
}

/** Every finding mended, in their order, until nothing more can be. */
async function mendAll({ store }: Studio): Promise<readonly Finding[]> {
  for (let round = 0; round < 4; round += 1) {
    const results = [];
    for (const finding of await store.checkInvariants()) results.push(await store.mend(finding));
    if (!results.includes("mended")) break;
  }
  return store.checkInvariants();
}

/** What a doctor of a store finds, puts right, and leaves alone, whatever database lies under it. */
export function doctorContract(open: OpenPatient): void {
  it.each(MENDABLE)("[K1] [$rule] finds $check, mends it and tells it by $told", async (hurt) => {
    await using patient = await open();
    const { studio, subject, head } = await damage(patient, hurt);
    const { store, workspaceId } = studio;
    const found = await store.checkInvariants();
    expect(found).toContainEqual(
      expect.objectContaining({ check: hurt.check, rule: hurt.rule, subject, mendable: true }),
    );
    const versions = await rowVersions(studio);
    expect(await store.mend({ check: hurt.check, subject })).toBe("mended");
    const page = await store.readFeed({ workspaceId, after: head.seq, feedId: head.feedId, limit: 100 });
    if (hurt.told === "event") {
      expect(page.resumable).toBe(true);
      expect(page.items.length).toBeGreaterThan(0);
      for (const { id, rowVersion } of page.items.flatMap((item) => (item.kind === "transition" ? [item.asset] : [])))
        expect(rowVersion).toBeGreaterThan(versions.get(id) ?? 0);
    } else {
      expect(page.resumable).toBe(false);
    }
    expect(await mendAll(studio)).toEqual([]);
    expect(await store.mend({ check: hurt.check, subject })).toBe("gone");
  });

  it.each(NOT_MENDABLE)("[K1] [$rule] tells $check, and changes nothing where nothing is known", async (hurt) => {
    await using patient = await open();
    const { studio, subject } = await damage(patient, hurt);
    const { store } = studio;
    const found = await store.checkInvariants();
    expect(found).toContainEqual(expect.objectContaining({ check: hurt.check, rule: hurt.rule, subject }));
    const before = await patient.contents();
    expect(await store.mend({ check: hurt.check, subject })).toBe("cannot");
    expect(await patient.contents()).toEqual(before);
  });

  it("[K1] [A9] an asset that was put right says so in its history, with a newer row", async () => {
    await using patient = await open();
    const studio = await openStudio(async () => patient);
    const { store, workspaceId } = studio;
    const { assetId } = await studio.made();
    const before = await studio.get(assetId);
    await patient.byHand("UPDATE asset SET status = 'cancelled'");
    const wakes: boolean[] = [];
    const stop = store.onWake(({ feed }) => wakes.push(feed));
    expect(await store.mend({ check: "asset_and_version_differ", subject: assetId })).toBe("mended");
    stop();
    expect(wakes).toEqual([true]);
    const after = await studio.get(assetId);
    expect(after).toEqual({ ...before, rowVersion: expect.any(Number), updatedAt: expect.any(Number) });
    expect(after.rowVersion).toBeGreaterThan(before.rowVersion);
    const history = await store.assetHistory({ workspaceId, assetId });
    expect(history?.at(-1)).toMatchObject({ event: "mend", from: "cancelled", to: "completed" });
  });

  it("[K1] [A2] [A6] what a new version's job came to is put right behind a completed asset, which stays as it is", async () => {
    await using patient = await open();
    const studio = await openStudio(async () => patient);
    const { assetId, versionId } = await studio.made();
    await studio.startJob("regenerate", assetId);
    const job = await studio.claimOne();
    await studio.fail(job, { retryable: false });
    const before = await studio.get(assetId);
    await patient.byHand(`UPDATE version SET status = 'processing' WHERE id = '${job.versionId}'`);
    expect(await mendAll(studio)).toEqual([]);
    const { rowVersion, updatedAt } = await studio.get(assetId);
    expect(await studio.get(assetId)).toEqual({ ...before, rowVersion, updatedAt });
    expect(before).toMatchObject({ status: "completed", currentVersion: { id: versionId } });
    expect(rowVersion).toBe(before.rowVersion + 1);
  });

  it("[K1] [A2] [A3] a new version whose job has completed is completed and then shown", async () => {
    await using patient = await open();
    const studio = await openStudio(async () => patient);
    const { assetId, versionId } = await studio.made();
    await studio.startJob("regenerate", assetId);
    const job = await studio.claimOne();
    await studio.complete(job);
    const before = await studio.get(assetId);
    await patient.byHand(
      `UPDATE version SET status = 'processing' WHERE id = '${job.versionId}'; UPDATE asset SET current_version_id = '${versionId}'`,
    );
    expect(await mendAll(studio)).toEqual([]);
    const { rowVersion, updatedAt } = await studio.get(assetId);
    expect(await studio.get(assetId)).toEqual({ ...before, rowVersion, updatedAt });
  });

  it("[K1] [A4] work that is lost for good ends as failed, and says so", async () => {
    await using patient = await open();
    const studio = await openStudio(async () => patient);
    const { assetId } = await studio.create({ plan: { ...studio.newAsset().plan, quote: 0 as never } });
    await patient.byHand("UPDATE asset SET job_id = NULL; DELETE FROM job");
    expect(await studio.store.mend({ check: "no_live_job", subject: assetId })).toBe("mended");
    expect(await studio.get(assetId)).toMatchObject({ status: "failed", errorCode: "internal", liveJob: null });
    expect((await studio.get(assetId)).errorMessage).not.toBe("");
    expect(await studio.startJob("retry", assetId)).toMatchObject({ ok: true });
  });

  it("[A8] the files of every version are listed once, page by page", async () => {
    await using studio = await openStudio(open);
    const made = [await studio.made(), await studio.made(), await studio.made()];
    await studio.create();
    const seen = [];
    for (let after = null; ;) {
      const page = await studio.store.listMedia({ after, limit: 2 });
      seen.push(...page);
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.versionId;
    }
    expect(seen.map(({ versionId }) => versionId)).toEqual(made.map(({ versionId }) => versionId));
    expect(await studio.store.countMedia()).toBe(3);
    const keys = seen.flatMap(({ key, posterKey, thumbKey }) => [key, posterKey, thumbKey]);
    expect(new Set(keys)).toEqual(await studio.store.referencedKeys());
  });
}
