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

/** Answers questions, and breaks when it is told to, which is between them. */
const BREAKS_WHEN_TOLD = `const { parentPort } = require("node:worker_threads");
  parentPort.on("message", (message) => {
    if (message === "break") throw new Error("nobody had asked");
    parentPort.postMessage({ ok: true, findings: [] });
  });`;

it("[K1] a thread that breaks between two questions takes nothing with it, and the next question has a new one", async () => {
  const threads: Worker[] = [];
  const inspector = openInspector("unused", () => {
    const thread = new Worker(BREAKS_WHEN_TOLD, { eval: true });
    threads.push(thread);
    return thread;
  });
  try {
    for (let question = 0; question < 3; question += 1) {
      expect(await inspector.inspect()).toEqual([]);
      const thread = threads.at(-1);
      const ended = new Promise((resolve) => thread?.once("exit", resolve));
      thread?.postMessage("break");
      await ended;
    }
    expect(threads).toHaveLength(3);
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
