import { describe, expect, it } from "vitest";
import { timecode } from "./slate.ts";

describe("the slate's clock", () => {
  it.each([
    [0, "00:00:00:00"],
    [23, "00:00:00:23"],
    [24, "00:00:01:00"],
    [359, "00:00:14:23"],
    [24 * 60 * 61 + 5, "01:01:00:05"],
  ])("shows frame %i as %s", (frame, shown) => {
    expect(timecode(frame)).toBe(shown);
  });
});
