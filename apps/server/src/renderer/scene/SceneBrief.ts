export const TIMES = ["dawn", "day", "golden", "dusk", "blue", "night"] as const;
export type TimeOfDay = (typeof TIMES)[number];

export const PLACES = [
  "sea",
  "mountains",
  "forest",
  "desert",
  "city",
  "street",
  "field",
  "lake",
  "river",
  "snowfield",
  "space",
  "room",
  "abstract",
] as const;
export type Place = (typeof PLACES)[number];

export const WEATHERS = ["clear", "cloudy", "rain", "snow", "fog", "storm", "wind"] as const;
export type Weather = (typeof WEATHERS)[number];

export const SUBJECTS = [
  "lighthouse",
  "boat",
  "tree",
  "house",
  "person",
  "birds",
  "moon",
  "sun",
  "train",
  "car",
  "balloon",
  "lantern",
  "flowers",
  "blossom",
] as const;
export type Subject = (typeof SUBJECTS)[number];

export const MOVES = [
  "static",
  "pan-left",
  "pan-right",
  "tilt-up",
  "tilt-down",
  "zoom-in",
  "zoom-out",
  "dolly-in",
  "dolly-out",
  "orbit",
] as const;
export type Move = (typeof MOVES)[number];

export const HUES = ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown", "mono"] as const;
export type Hue = (typeof HUES)[number];

/** What the words of a prompt ask to see; everything not asked for has been chosen by the seed. */
export interface SceneBrief {
  readonly place: Place;
  readonly time: TimeOfDay;
  readonly weather: Weather;
  readonly subjects: readonly Subject[];
  readonly hues: readonly Hue[];
  readonly neon: boolean;
  readonly snowy: boolean;
  readonly autumn: boolean;
  readonly aurora: boolean;
  readonly move: Move;
  /** From prompt and seed; every brush draws from it. */
  readonly seed: number;
}
