import { durationMs } from "@reelstate/lifecycle";
import { expect, it } from "vitest";
import { oneStuckBehindMany } from "../testing/oneStuckBehindMany.ts";
import { openStudio } from "../testing/openStudio.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { openWitness } from "../testing/postgres/openWitness.ts";

it("[A7] a sweep that looks at one job at a time finds the one that is stuck, however many rightly wait before it", async () => {
  const opened = await openPostgresForTest();
  await using studio = await openStudio(async () => opened);
  await using witness = await openWitness(opened.url);
  const stuck = await oneStuckBehindMany(studio, witness.rows);
  const found = await studio.store.sweep({
    limit: 1,
    drawBackoff: () => durationMs(0),
    models: ["sim/image", "sim/video"],
    providers: ["sim"],
  });
  expect(found.released).toBe(1);
  expect((await studio.get(stuck.assetId)).liveJob?.phase).toBe("queued");
});
