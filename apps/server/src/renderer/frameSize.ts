export const ASPECT_RATIOS = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"] as const;
export type AspectRatio = (typeof ASPECT_RATIOS)[number];

/** The first is the default. */
export const RESOLUTIONS = ["720p", "480p", "1080p"] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The picture's size in pixels. The resolution is its shorter side, as television counts it; both sides are even,
 * because H.264 stores colour at half the size.
 */
export function frameSize(aspectRatio: AspectRatio, resolution: Resolution): FrameSize {
  const short = Number.parseInt(resolution, 10);
  const [across = 1, down = 1] = aspectRatio.split(":").map(Number);
  const long = 2 * Math.round((short * Math.max(across, down)) / Math.min(across, down) / 2);
  return across >= down ? { width: long, height: short } : { width: short, height: long };
}
