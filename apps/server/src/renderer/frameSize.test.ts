import { describe, expect, it } from "vitest";
import { ASPECT_RATIOS, frameSize, RESOLUTIONS } from "./frameSize.ts";

describe("the size of a frame", () => {
  for (const aspectRatio of ASPECT_RATIOS) {
    for (const resolution of RESOLUTIONS) {
      it(`is even and true to shape for ${aspectRatio} at ${resolution}`, () => {
        const { width, height } = frameSize(aspectRatio, resolution);
        const [across = 0, down = 0] = aspectRatio.split(":").map(Number);
        expect([width % 2, height % 2]).toEqual([0, 0]);
        expect(Math.min(width, height)).toBe(Number.parseInt(resolution, 10));
        expect(width / height).toBeCloseTo(across / down, 2);
      });
    }
  }

  it("is 854 by 480 where television says so", () => {
    expect(frameSize("16:9", "480p")).toEqual({ width: 854, height: 480 });
    expect(frameSize("9:16", "1080p")).toEqual({ width: 1080, height: 1920 });
  });
});
