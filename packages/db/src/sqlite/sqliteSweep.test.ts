import { durationMs } from "@reelstate/lifecycle";
import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { oneStuckBehindMany } from "../testing/oneStuckBehindMany.ts";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { openStudio } from "../testing/openStudio.ts";

it("[A7] a sweep that looks at one job at a time finds the one that is stuck, however many rightly wait before it", async () => {
  const db = new Sqlite(":memory:");
  await using studio = await openStudio(() => openSqliteForTest({ connection: db }));
  const stuck = await oneStuckBehindMany(studio, (sql) => db.exec(sql));
  const found = await studio.store.sweep({
    limit: 1,
    drawBackoff: () => durationMs(0),
    models: ["sim/image", "sim/video"],
    providers: ["sim"],
  });
  expect(found.released).toBe(1);
  expect((await studio.get(stuck.assetId)).liveJob?.phase).toBe("queued");
});
