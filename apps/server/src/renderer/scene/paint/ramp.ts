import { mix } from "../color.ts";
import type { Rgb } from "../color.ts";

/** Shadow to light in 64 steps, three bytes each. */
export type Ramp = Uint8ClampedArray;

export function createRamp(dark: Rgb, base: Rgb, light: Rgb): Ramp {
  const ramp = new Uint8ClampedArray(64 * 3);
  for (let step = 0; step < 64; step += 1) {
    const at = step / 63;
    ramp.set(at < 0.5 ? mix(dark, base, at * 2) : mix(base, light, at * 2 - 1), step * 3);
  }
  return ramp;
}

/** Writes the ramp's colour at `at` (0 to 1), mixed toward `veil` by `veiled`. */
export function putRamp(
  bytes: Uint8ClampedArray,
  offset: number,
  ramp: Ramp,
  at: number,
  veil: Rgb,
  veiled: number,
): void {
  const step = 3 * Math.max(0, Math.min(63, Math.round(at * 63)));
  const [r, g, b] = [ramp[step] ?? 0, ramp[step + 1] ?? 0, ramp[step + 2] ?? 0];
  const v = Math.max(0, Math.min(1, veiled));
  bytes[offset] = r + (veil[0] - r) * v;
  bytes[offset + 1] = g + (veil[1] - g) * v;
  bytes[offset + 2] = b + (veil[2] - b) * v;
}
