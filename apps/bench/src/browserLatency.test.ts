import { expect, it } from "vitest";
import { waitsOf } from "./browserLatency.ts";

it("a state that was never shown by itself, because its event came late, was left out of what people wait for", () => {
  const transitions = [
    { to: "pending", at: 0 },
    { to: "processing", at: 10 },
    { to: "completed", at: 60 },
  ];
  const mark = (id: string, status: string, at: number) => ({ id, status, at });
  const marks = [mark("b", "processing", 1), mark("a", "pending", 5), mark("a", "completed", 90)];
  expect(waitsOf(transitions, marks, "a")).toEqual([5, 80, 30]);
  expect(() => waitsOf(transitions, marks.slice(0, 2), "a")).toThrow("a was never shown processing");
});
