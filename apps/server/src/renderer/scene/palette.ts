import type { Rgb } from "./color.ts";
import { lightness, mix, rgb, shift } from "./color.ts";
import { randomFor } from "./random.ts";
import type { Hue, SceneBrief, TimeOfDay } from "./SceneBrief.ts";

/** The light of the scene. Surfaces have colours of their own; what is seen of them is their colour in `ambient`. */
export interface Palette {
  /** From the zenith to the horizon. */
  readonly sky: readonly [Rgb, Rgb, Rgb, Rgb];
  readonly sun: Rgb;
  /** What distance fades into. */
  readonly haze: Rgb;
  readonly ambient: Rgb;
  /** What the darkest, nearest shapes are made of: never black, as in print. */
  readonly ink: Rgb;
  readonly cloudLight: Rgb;
  readonly cloudDark: Rgb;
  /** Lit windows, lamps, flowers. */
  readonly accent: Rgb;
  readonly dark: boolean;
}

type Inks = readonly [
  sky: readonly [string, string, string, string],
  sun: string,
  ambient: string,
  ink: string,
  cloudLight: string,
  cloudDark: string,
  accent: string,
];

const INKS = {
  dawn: [
    [["#6d83b4", "#b39fc6", "#f0b4b4", "#ffe2c4"], "#fff3dc", "#f6cfc4", "#3c3a5c", "#ffe1d2", "#a08fb8", "#f6876b"],
    [["#7fa9bd", "#c5c6c8", "#f7c9ae", "#fff0d2"], "#fffae8", "#f5d8c2", "#31465a", "#fff0df", "#9db0bd", "#ef8a62"],
    [["#48618f", "#8e86b5", "#e8a0a8", "#fcd3a8"], "#fff1cf", "#eec0b8", "#2c2f52", "#f9cdbf", "#7f7aa8", "#f47c6a"],
  ],
  day: [
    [["#3b7cb0", "#78afd0", "#b5d7e0", "#eaf1e2"], "#fffbe8", "#fff6e4", "#1f3d4d", "#ffffff", "#a9c4d2", "#e8663d"],
    [["#4f9aa8", "#8cc4c0", "#c8e0cb", "#f7efd4"], "#fffbe0", "#fff3d8", "#1d4147", "#fffaec", "#a6c9c2", "#ea6a47"],
    [["#2f6b9a", "#69a5c4", "#a9d3d4", "#f3ecd0"], "#fff8dc", "#fff1d2", "#193650", "#fff8ea", "#8fb4c4", "#f0793f"],
  ],
  golden: [
    [["#4b6a8c", "#b59a92", "#f0a25c", "#ffd892"], "#fff4cc", "#ffc48a", "#3a2b40", "#ffd9a0", "#8f7282", "#ffb347"],
    [["#6d9c9a", "#e3c48c", "#f5a266", "#ffe2a8"], "#fff6d4", "#ffc894", "#2b3a42", "#ffe6b8", "#b08c78", "#e4572e"],
    [["#3e4a78", "#a8647e", "#ee7b5e", "#fdc67c"], "#fff0c0", "#ffb384", "#2c2140", "#ffc193", "#76517a", "#ffc857"],
  ],
  dusk: [
    [["#28305e", "#6d4f80", "#c9667c", "#f8ab7c"], "#ffe0b0", "#b88aa0", "#1b1835", "#f0908a", "#55436f", "#ffcf70"],
    [["#1f3b60", "#4f6290", "#b37da4", "#f3b8a2"], "#ffe6cf", "#a090b4", "#152238", "#dd9cae", "#4b5680", "#ffd27d"],
    [["#355070", "#6d597a", "#b56576", "#eaac8b"], "#ffe3c2", "#b48a98", "#1f2338", "#e08a84", "#5b5070", "#ffd08a"],
  ],
  blue: [
    [["#0f2747", "#234c75", "#5580a3", "#b4c5cc"], "#f3f0dc", "#7d9cc4", "#081627", "#86a5bd", "#2c4c70", "#ffc56b"],
    [["#14223f", "#30496e", "#7082a4", "#e0b9a8"], "#f6ead6", "#8496bc", "#0b1428", "#8a94b4", "#2f4265", "#ffbf69"],
  ],
  night: [
    [["#060c1e", "#0d1c3a", "#1c3960", "#41658c"], "#f6f0d8", "#5873a6", "#030814", "#3d5a84", "#122444", "#ffc864"],
    [["#0b0a20", "#1a1846", "#353474", "#665f9e"], "#f4ecdc", "#6a6aa8", "#06061a", "#565293", "#1b1a48", "#ffcb77"],
    [["#041a22", "#0a2f3a", "#15525a", "#4a8a86"], "#eef4dc", "#5a8f96", "#02101a", "#2f6f72", "#0c3540", "#ffd071"],
  ],
} as const satisfies Record<TimeOfDay, readonly [Inks, ...Inks[]]>;

const NEON: Inks = [
  ["#0b0824", "#22124e", "#5a1f78", "#d0447f"],
  "#ffd6ec",
  "#7a62b8",
  "#070416",
  "#7b3f96",
  "#1d1246",
  "#29e6e0",
];

const HUE_COLORS = {
  red: "#c8332e",
  orange: "#e8792b",
  yellow: "#e9b92f",
  green: "#3f8f55",
  teal: "#2a9d9a",
  blue: "#2f6fc0",
  purple: "#7d4fb5",
  pink: "#ec7fa6",
  brown: "#a0703f",
  mono: "#808080",
} as const satisfies Record<Hue, string>;

/** Leans a colour toward a hue without changing how light it is, so that the picture keeps its depth. */
function lean(color: Rgb, hue: Hue, amount: number): Rgb {
  if (hue === "mono") return shift(color, { chroma: 0.07 });
  const target = rgb(HUE_COLORS[hue]);
  return mix(color, shift(target, { light: lightness(color) - lightness(target) }), amount);
}

export function choosePalette(brief: SceneBrief): Palette {
  const random = randomFor(brief.seed, "palette");
  const inks: Inks = brief.neon ? NEON : random.pick<Inks>(INKS[brief.time]);
  const turn = brief.place === "abstract" ? random.between(-55, 55) : random.between(-7, 7);
  const heavy = brief.weather === "storm" || brief.weather === "rain" || brief.weather === "fog";
  const grey = brief.neon ? 0.92 : heavy ? 0.62 : 1;
  const dim = brief.weather === "storm" ? -0.1 : brief.weather === "rain" ? -0.04 : 0;
  const tone = (hex: string, leaning = 0.36): Rgb => {
    let color = shift(rgb(hex), { turn, chroma: grey, light: dim });
    for (const hue of brief.hues.slice(0, 2)) color = lean(color, hue, leaning);
    return color;
  };
  const [top, middle, low, horizon] = inks[0].map((hex) => tone(hex)) as [Rgb, Rgb, Rgb, Rgb];
  return {
    sky: [top, middle, low, horizon],
    sun: tone(inks[1], 0.1),
    haze: mix(low, horizon, brief.weather === "fog" ? 0.7 : 0.5),
    ambient: tone(inks[2]),
    ink: tone(inks[3]),
    cloudLight: tone(inks[4]),
    cloudDark: tone(inks[5]),
    accent: rgb(inks[6]),
    dark: brief.neon || brief.time === "night" || brief.time === "blue" || brief.time === "dusk",
  };
}
