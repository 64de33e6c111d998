import { mixBits } from "./random.ts";

/** Smooth noise in about [-1, 1] over the plane. */
export type Noise2 = (x: number, y: number) => number;

const SIZE = 256;

/** Value noise on a lattice with quintic fade (Ken Perlin's 2002 curve), tiled every 256 cells. */
export function createNoise(seed: number): Noise2 {
  const values = new Float32Array(SIZE * SIZE);
  for (let index = 0; index < values.length; index += 1)
    values[index] = mixBits(index * 0x9e3779b1 + seed) / 2147483648 - 1;
  return (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const across = x - left;
    const down = y - top;
    const u = across * across * across * (across * (across * 6 - 15) + 10);
    const v = down * down * down * (down * (down * 6 - 15) + 10);
    const row = (top & 255) * SIZE;
    const nextRow = ((top + 1) & 255) * SIZE;
    const column = left & 255;
    const nextColumn = (left + 1) & 255;
    const a = values[row + column] ?? 0;
    const b = values[row + nextColumn] ?? 0;
    const c = values[nextRow + column] ?? 0;
    const d = values[nextRow + nextColumn] ?? 0;
    const upper = a + (b - a) * u;
    return upper + (c + (d - c) * u - upper) * v;
  };
}

/** Fractal sum of noise; each octave is twice as fine and half as strong. About [-1, 1]. */
export function fbm(noise: Noise2, x: number, y: number, octaves: number): number {
  let sum = 0;
  let strength = 0.5;
  let px = x;
  let py = y;
  for (let octave = 0; octave < octaves; octave += 1) {
    sum += strength * noise(px, py);
    px = px * 2.03 + 17.3;
    py = py * 2.03 + 9.1;
    strength *= 0.5;
  }
  return sum;
}

/** Ridged multifractal (after Ken Musgrave): sharp crests between round valleys. In [0, 1]. */
export function ridged(noise: Noise2, x: number, y: number, octaves: number): number {
  let sum = 0;
  let strength = 0.5;
  let total = 0;
  let px = x;
  let py = y;
  for (let octave = 0; octave < octaves; octave += 1) {
    const crest = 1 - Math.abs(noise(px, py));
    sum += strength * crest * crest;
    total += strength;
    px = px * 2.07 + 31.7;
    py = py * 2.07 + 11.9;
    strength *= 0.5;
  }
  return sum / total;
}

/** White noise in [0, 1) for one pixel: the grain of the print. */
export function speck(x: number, y: number, seed: number): number {
  let mixed = Math.imul(x, 0x1f123bb5) ^ Math.imul(y, 0x5f356495) ^ seed;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
}

export function smoothstep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
