import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import type { Camera } from "./camera.ts";
import type { Noise2 } from "./noise.ts";
import type { Palette } from "./palette.ts";
import type { SceneBrief } from "./SceneBrief.ts";

/**
 * Everything the brushes share. Lengths are pixels of the frame; `unit` is the scale of things (a fixed share of the
 * picture's area), so that 480p and 1080p show the same scene. Points outside the frame are painted too, as far as the
 * camera will see them.
 */
export interface World {
  readonly brief: SceneBrief;
  readonly palette: Palette;
  readonly camera: Camera;
  readonly width: number;
  readonly height: number;
  readonly unit: number;
  /** The line of the horizon. */
  readonly horizon: number;
  readonly sun: { readonly x: number; readonly y: number };
  readonly noise: Noise2;
}

/** Painted once and moved as a whole. */
export interface Layer {
  readonly kind: "layer";
  readonly depth: number;
  readonly canvas: Canvas;
  /** Where its upper left corner rests in the frame. */
  readonly left: number;
  readonly top: number;
  /** Pixels a second, for clouds and mist; such a layer repeats sideways. */
  readonly drift: number;
  readonly alpha: number;
  readonly blend: "source-over" | "screen" | "lighter" | "multiply" | "soft-light";
}

/** Drawn anew for each frame: what moves by itself. `still` says that it is the only frame. */
export interface Actor {
  readonly kind: "actor";
  readonly depth: number;
  draw(ctx: SKRSContext2D, seconds: number): void;
}

export type Part = Layer | Actor;
