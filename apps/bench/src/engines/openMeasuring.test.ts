import { expect, it } from "vitest";
import { openMeasuring } from "./openMeasuring.ts";
import type { OpenedEngine } from "./Engine.ts";

/** An engine that begins each job at once, and records so many as done each time it is asked. */
function engine(change: Partial<OpenedEngine> = {}): OpenedEngine {
  let begins: (number: number) => void = () => {};
  const waiting: number[] = [];
  let works = false;
  let unfinished = 0;
  return {
    enqueue: async (number) => {
      unfinished += 1;
      if (works) begins(number);
      else waiting.push(number);
    },
    work: async (told) => {
      begins = told;
      works = true;
      for (const number of waiting) begins(number);
    },
    unfinished: async () => (unfinished = Math.max(0, unfinished - 1)),
    [Symbol.asyncDispose]: async () => {},
    ...change,
  };
}

const options = { atOnce: 3, patienceMs: 200 };

it("counts a job as done when it is recorded as done, not when its work has begun", async () => {
  let asked = 0;
  const measuring = openMeasuring(engine({ unfinished: async () => 3 - (asked += 1) }), options);
  expect(await measuring.enqueue(3)).toBeGreaterThan(0);
  expect(asked).toBe(0);
  expect(await measuring.process(3)).toBeGreaterThan(0);
  expect(asked).toBe(3);
  expect(await measuring.cycles(2)).toBeGreaterThan(0);
  expect(await measuring.starts(2)).toHaveLength(2);
});

it("an engine that failed, or lost a job, was waited for without end", async () => {
  const fails = engine({ work: async () => {}, unfinished: () => Promise.reject(new Error("the store failed")) });
  await expect(openMeasuring(fails, options).cycles(2)).rejects.toThrow("the store failed");
  const loses = engine({ work: async () => {}, unfinished: async () => 2 });
  await expect(openMeasuring(loses, options).cycles(2)).rejects.toThrow("0 of 2 jobs were begun");
  await expect(openMeasuring(loses, options).starts(1)).rejects.toThrow("0 of 1 jobs were begun");
  const never = engine({ unfinished: async () => 1 });
  await expect(openMeasuring(never, options).cycles(2)).rejects.toThrow(
    "2 of 2 jobs were begun, 1 not recorded as done",
  );
});
