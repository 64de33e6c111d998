import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { openStudio } from "../openStudio.ts";
import type { WorkspaceId } from "@reelstate/lifecycle";
import type { Patient } from "./doctorContract.ts";

type OpenPatient = () => Promise<Patient>;

const LEASE_OVER = 16_000;
const LONG = 10 * 60_000;
const MINUTE = 60_000;

/** What a hand has done to a pending job, as the machine and as the tables hear of it first. */
const UNCLAIMABLE = [
  {
    who: "the machine refuses",
    sql: (assetId: string) => `UPDATE asset SET status = 'cancelled' WHERE id = '${assetId}'`,
  },
  {
    who: "a guard refuses",
    sql: (assetId: string) => `UPDATE version SET status = 'completed' WHERE asset_id = '${assetId}'`,
  },
] as const;

/** One job whose rows contradict each other stops nothing but itself, whatever database lies under it. */
export function contradictionsContract(open: OpenPatient): void {
  it.each(UNCLAIMABLE)(
    "[K2] [J2] a job that $who is set aside and told once a minute; it once stopped every claim of every workspace",
    async ({ sql }) => {
      await using patient = await open();
      const studio = await openStudio(async () => patient);
      const first = await studio.create();
      const bad = await studio.create();
      const second = await studio.create();
      await patient.byHand(sql(bad.assetId));
      const claimed = await studio.claim(10);
      expect(claimed.map(({ jobId }) => jobId).toSorted()).toEqual([first.jobId, second.jobId].toSorted());
      expect(patient.told).toMatchObject([{ kind: "job", id: bad.jobId, during: "claim" }]);
      expect(await studio.claim(10)).toEqual([]);
      expect(patient.told).toHaveLength(1);
      studio.advanceClock(MINUTE);
      expect(await studio.claim(10)).toEqual([]);
      expect(patient.told).toHaveLength(2);
    },
  );

  it("[K2] [J2] jobs set aside at the head of the line keep nobody waiting behind them, and are claimed once mended", async () => {
    await using patient = await open();
    const studio = await openStudio(async () => patient);
    const bad = [await studio.create(), await studio.create()];
    const good = await studio.create();
    for (const { assetId } of bad) await patient.byHand(UNCLAIMABLE[0].sql(assetId));
    expect((await studio.claim(1)).map(({ jobId }) => jobId)).toEqual([good.jobId]);
    expect(patient.told.map(({ id }) => id)).toEqual(bad.map(({ jobId }) => jobId));
    for (const finding of await studio.store.checkInvariants()) await studio.store.mend(finding);
    expect(await studio.store.checkInvariants()).toEqual([]);
    expect((await studio.claim(2)).map(({ jobId }) => jobId).toSorted()).toEqual(
      bad.map(({ jobId }) => jobId).toSorted(),
    );
  });

  it("[K2] [J6] a lost lease is found although the rows of another lost one contradict each other", async () => {
    await using patient = await open();
    const studio = await openStudio(async () => patient);
    const bad = await studio.start();
    const good = await studio.start();
    const worse = await studio.start();
    await patient.byHand(UNCLAIMABLE[0].sql(bad.assetId));
    await patient.byHand(UNCLAIMABLE[1].sql(worse.assetId));
    studio.advanceClock(LEASE_OVER);
    expect(await studio.sweep()).toMatchObject({ lost: 1 });
    expect((await studio.get(good.assetId)).status).toBe("pending");
    expect(new Set(patient.told.map(({ id, during }) => `${during} ${id}`))).toEqual(
      new Set([`sweep ${bad.jobId}`, `sweep ${worse.jobId}`]),
    );
    expect(patient.told).toHaveLength(2);
  });

  it.each(UNCLAIMABLE)(
    "[K2] [J4] [A7] an input is made although a job that waits for it is one that $who",
    async ({ sql }) => {
      await using patient = await open();
      const studio = await openStudio(async () => patient);
      const source = await studio.start();
      const bad = await studio.create({ inputs: [source.assetId] });
      const good = await studio.create({ inputs: [source.assetId] });
      // What only waits is let go; so that it is to end, its other input has failed.
      const other = await studio.create();
      const broken = await studio.create({ inputs: [source.assetId, other.assetId] });
      await patient.byHand(`${sql(bad.assetId)}; ${sql(broken.assetId)}`);
      expect(await studio.complete(source)).toMatchObject({ ok: true });
      expect((await studio.get(source.assetId)).status).toBe("completed");
      await studio.cancel(other.assetId);
      expect((await studio.get(other.assetId)).status).toBe("cancelled");
      await studio.sweep();
      expect((await studio.get(good.assetId)).liveJob?.phase).toBe("queued");
      expect(patient.told.map(({ id }) => id)).toContain(broken.jobId);
    },
  );

  it("[K2] [A8] retention goes on although one workspace's rows refuse it", async () => {
    await using patient = await open();
    const studio = await openStudio(async () => patient);
    const { store } = studio;
    const others = "0-before-the-other" as WorkspaceId;
    await store.ensureWorkspace({
      workspaceId: others,
      name: "Others",
      project: { id: "others" as never, name: "First" },
      grant: 1_000 as never,
    });
    await studio.made();
    await studio.create({}, others);
    await patient.byHand(`INSERT INTO history SELECT * FROM event WHERE workspace_id = '${others}'`);
    studio.advanceClock(LONG);
    const none = durationMs(0);
    const policy = { eventsOlderThanMs: none, jobsOlderThanMs: none, keysOlderThanMs: none, binOlderThanMs: none };
    expect(await store.prune({ ...policy, limit: 100 })).toMatchObject({ events: 3, jobs: 1 });
    expect(patient.told).toMatchObject([{ kind: "workspace", id: others, during: "prune" }]);
    expect(await store.prune({ ...policy, limit: 100 })).toMatchObject({ events: 0, jobs: 0 });
    expect(patient.told).toHaveLength(1);
  });
}
