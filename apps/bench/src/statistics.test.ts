import { expect, it } from "vitest";
import { median, percentile } from "./statistics.ts";

it("takes the middle, and the value that 95 of 100 do not exceed", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2);
  expect(percentile(hundred, 0.95)).toBe(95);
  expect(() => percentile([], 0.5)).toThrow("needs a value");
});
