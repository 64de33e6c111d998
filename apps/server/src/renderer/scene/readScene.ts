import { hashText, mixBits, randomFor } from "./random.ts";
import type { Random } from "./random.ts";
import { MOVES } from "./SceneBrief.ts";
import type { Place, SceneBrief, Subject, TimeOfDay, Weather } from "./SceneBrief.ts";
import {
  AURORA_WORDS,
  AUTUMN_WORDS,
  HUE_WORDS,
  MOVE_WORDS,
  NEON_WORDS,
  PLACE_WORDS,
  SNOW_WORDS,
  SUBJECT_WORDS,
  TIME_WORDS,
  WEATHER_WORDS,
} from "./words.ts";

/** Letters of Latin script make whole words; Chinese has no spaces to hold on to. */
function says(prompt: string, word: string): boolean {
  if (!/[a-z0-9]/.test(word)) return prompt.includes(word);
  let from = prompt.indexOf(word);
  while (from >= 0) {
    const before = prompt[from - 1] ?? " ";
    const rest = prompt.slice(from + word.length, from + word.length + 3);
    if (!/[\p{Script=Latin}\d]/u.test(before) && /^(?:s|es)?(?![\p{Script=Latin}\d])/u.test(rest)) return true;
    from = prompt.indexOf(word, from + 1);
  }
  return false;
}

const anyOf = (prompt: string, words: readonly string[]): boolean => words.some((word) => says(prompt, word));

function allOf<Name extends string>(prompt: string, table: readonly (readonly [Name, readonly string[]])[]): Name[] {
  return table.filter(([, words]) => anyOf(prompt, words)).map(([name]) => name);
}

/** A longer word is a more exact wish: "dolly in" beats "dolly", "雪山" beats "雪". */
function closest<Name extends string>(
  prompt: string,
  table: readonly (readonly [Name, readonly string[]])[],
): Name | undefined {
  let best: { readonly name: Name; readonly length: number } | undefined;
  for (const [name, words] of table) {
    for (const word of words) {
      if (word.length > (best?.length ?? 0) && says(prompt, word)) best = { name, length: word.length };
    }
  }
  return best?.name;
}

function placeOf(prompt: string, subjects: readonly Subject[]): Place {
  const named = allOf(prompt, PLACE_WORDS)[0];
  if (named) return named;
  if (subjects.includes("boat") || subjects.includes("lighthouse")) return "sea";
  if (subjects.includes("car")) return "street";
  if (
    subjects.some((subject) => ["house", "tree", "flowers", "blossom", "balloon", "train", "person"].includes(subject))
  )
    return "field";
  if (subjects.includes("lantern")) return "lake";
  return "abstract";
}

function timeOf(prompt: string, place: Place, neon: boolean, random: Random): TimeOfDay {
  const named = closest(prompt, TIME_WORDS);
  if (named) return named;
  if (neon || place === "space") return "night";
  // Ink on paper.
  if (anyOf(prompt, HUE_WORDS.find(([name]) => name === "mono")?.[1] ?? [])) return random.pick(["dawn", "day"]);
  if (place === "room") return random.pick(["golden", "dawn", "day"]);
  return random.pick(["golden", "dawn", "dusk", "day", "golden", "blue"]);
}

function weatherOf(prompt: string, random: Random): Weather {
  const named = allOf(prompt, WEATHER_WORDS)[0];
  // A snow-capped mountain is not a snowfall.
  if (named === "snow" && /雪山|雪原|雪地|雪峰|snow-?\s?capped|snowy (?:mountain|peak)|snow-?\s?covered/.test(prompt))
    return "clear";
  return named ?? random.pick(["clear", "cloudy", "clear"]);
}

/** "Golden hour" and "blue hour" name a light, not a colour. */
const withoutTimes = (prompt: string): string => prompt.replaceAll(/golden hour|blue hour/g, " ");

/** Reads a prompt in English or Chinese. The same prompt and seed always give the same brief. */
export function readScene(prompt: string, seed: number): SceneBrief {
  const text = prompt.normalize("NFKC").toLowerCase().trim();
  const mixed = mixBits(hashText(text) ^ mixBits(seed));
  const random = randomFor(mixed, "brief");
  // 火车 holds the sign of 车, and a train is not a car.
  const named = allOf(text, SUBJECT_WORDS);
  const subjects = named.includes("train") ? named.filter((subject) => subject !== "car") : named;
  const neon = anyOf(text, NEON_WORDS);
  const place = placeOf(text, subjects);
  return {
    place,
    subjects,
    neon,
    time: timeOf(text, place, neon, random),
    weather: weatherOf(text, random),
    hues: allOf(withoutTimes(text), HUE_WORDS),
    snowy: place === "snowfield" || anyOf(text, SNOW_WORDS),
    autumn: anyOf(text, AUTUMN_WORDS),
    aurora: anyOf(text, AURORA_WORDS),
    move: closest(text, MOVE_WORDS) ?? random.pick(["dolly-in", "pan-right", "pan-left", "dolly-in", MOVES[9]]),
    seed: mixed,
  };
}
