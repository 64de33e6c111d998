import { rename } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { openTestStudio } from "../testing/openTestStudio.ts";
import { openInspector } from "./openInspector.ts";

it("[K1] the rows are looked at in a thread of its own, again and again, and what stops that is told", async () => {
  await using studio = await openTestStudio();
  await studio.create();
  const file = join(studio.folder, "reelstate.sqlite");
  const inspector = openInspector(file);
  try {
    expect(await Promise.all([inspector.inspect(), inspector.inspect()])).toEqual([[], []]);
    await rename(file, `${file}.away`);
    await expect(inspector.inspect()).rejects.toThrow(/unable to open|directory/);
    await rename(`${file}.away`, file);
  } finally {
    await inspector.close();
  }
});

/** Answers, and then breaks when nobody asks. */
const BREAKS_LATER = `const { parentPort } = require("node:worker_threads");
  parentPort.on("message", () => {
    parentPort.postMessage({ ok: true, findings: [] });
    setImmediate(() => { throw new Error("nobody had asked"); });
  });`;

it("[K1] a thread that breaks between two questions takes nothing with it, and the next question has a new one", async () => {
  const ends: Promise<unknown>[] = [];
  const inspector = openInspector("unused", () => {
    const thread = new Worker(BREAKS_LATER, { eval: true });
    ends.push(new Promise((resolve) => thread.on("exit", resolve)));
    return thread;
  });
  try {
    for (let question = 0; question < 3; question += 1) {
      expect(await inspector.inspect()).toEqual([]);
      await ends.at(-1);
    }
    expect(ends).toHaveLength(3);
  } finally {
    await inspector.close();
  }
});

it("[K1] a question whose thread breaks is answered with that error, and closing breaks off one that is being looked into", async () => {
  const broken = openInspector(
    "unused",
    () =>
      new Worker(`require("node:worker_threads").parentPort.on("message", () => { throw new Error("torn"); })`, {
        eval: true,
      }),
  );
  await expect(broken.inspect()).rejects.toThrow("torn");
  await broken.close();
  const busy = openInspector(
    "unused",
    () => new Worker(`require("node:worker_threads").parentPort.on("message", () => {})`, { eval: true }),
  );
  const [asked] = await Promise.allSettled([busy.inspect(), setImmediate().then(busy.close)]);
  expect(asked).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("stopped") } });
});
