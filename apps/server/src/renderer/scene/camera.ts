import type { Move } from "./SceneBrief.ts";

/** Where a layer stands in one frame: drawn at `scale` about the focus, then moved by `dx`, `dy` pixels. */
export interface View {
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

export interface Camera {
  readonly focusX: number;
  readonly focusY: number;
  /** `at` in 0…1 of the shot; `depth` from 0, infinitely far, to 1, touching the lens. */
  view(at: number, depth: number): View;
  /** How far beyond the frame a layer at this depth must be painted. */
  margin(depth: number): { readonly x: number; readonly y: number };
}

export interface CameraOptions {
  readonly move: Move;
  readonly width: number;
  readonly height: number;
  readonly focusY: number;
  readonly durationMs: number;
  /** A still picture: everything at rest, nothing painted beyond the frame. */
  readonly still?: boolean;
}

/** Starts and stops without a jerk: the quintic "smootherstep" (Ken Perlin). */
function ease(at: number): number {
  const t = Math.min(1, Math.max(0, at));
  return t * t * t * (t * (t * 6 - 15) + 10);
}

/** Mostly even travel with soft ends: a real dolly has mass, but does not crawl for half of the shot. */
const travel = (at: number): number => 0.55 * at + 0.45 * ease(at);

export function createCamera({
  move,
  width,
  height,
  focusY,
  durationMs,
  still: resting = false,
}: CameraOptions): Camera {
  const seconds = durationMs / 1000;
  // A longer shot goes further, but never so far that the scenery runs out.
  const reach = Math.min(1, 0.45 + seconds * 0.11);
  const view = (at: number, depth: number): View => {
    const s = travel(at);
    const near = 0.1 + 0.9 * depth;
    const still = { scale: 1, dx: 0, dy: 0 };
    if (resting) return still;
    switch (move) {
      case "static":
        return {
          scale: 1,
          dx: width * 0.0022 * near * Math.sin(at * Math.PI * 2),
          dy: height * 0.0016 * near * Math.sin(at * Math.PI * 4),
        };
      case "pan-right":
        return { ...still, dx: (0.5 - s) * 0.3 * reach * width * near };
      case "pan-left":
        return { ...still, dx: (s - 0.5) * 0.3 * reach * width * near };
      case "tilt-up":
        return { ...still, dy: (s - 0.5) * 0.24 * reach * height * near };
      case "tilt-down":
        return { ...still, dy: (0.5 - s) * 0.24 * reach * height * near };
      case "zoom-in":
        return { ...still, scale: 1 / (1 + 0.24 * reach * (1 - s)) };
      case "zoom-out":
        return { ...still, scale: 1 / (1 + 0.24 * reach * s) };
      case "dolly-in":
        return { ...still, scale: 1 / (1 + (0.03 + 0.38 * depth * depth) * reach * (1 - s)) };
      case "dolly-out":
        return { ...still, scale: 1 / (1 + (0.03 + 0.38 * depth * depth) * reach * s) };
      case "orbit":
        return {
          scale: 1 / (1 + 0.05 * reach * Math.sin(at * Math.PI)),
          dx: (0.5 - s) * 0.34 * reach * width * (depth - 0.42),
          dy: 0,
        };
    }
  };
  const margin = (depth: number): { readonly x: number; readonly y: number } => {
    let [x, y] = [0, 0];
    for (let step = 0; step <= 24; step += 1) {
      const { scale, dx, dy } = view(step / 24, depth);
      const grow = 1 / scale - 1;
      x = Math.max(x, (width / 2) * grow + Math.abs(dx) / scale);
      y = Math.max(y, Math.max(focusY, height - focusY) * grow + Math.abs(dy) / scale);
    }
    return { x: Math.ceil(x) + 2, y: Math.ceil(y) + 2 };
  };
  return { focusX: width / 2, focusY, view, margin };
}
