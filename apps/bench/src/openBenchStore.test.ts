import { expect, it } from "vitest";
import { idsOf, numberOf } from "./openBenchStore.ts";

it("ids of eleven characters made rows and indexes a third smaller than the studio's are: they are as long, and in order", () => {
  const [first, second] = [idsOf(255), idsOf(256)];
  expect(new Set([...Object.values(first), ...Object.values(second)]).size).toBe(6);
  for (const id of Object.values(first))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(first.jobId < second.jobId).toBe(true);
  expect([first, second].map(({ jobId }) => numberOf(jobId))).toEqual([255, 256]);
});
