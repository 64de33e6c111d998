import { expect, it } from "vitest";
import { pictureCost } from "./pictureCost.ts";

const PRICES = { textIn: 1.5, textOut: 7.5, picturesOut: 30 };
/** As an answer of 2026 counts it: the details leave out what is not a picture. */
const USAGE = {
  promptTokenCount: 10,
  candidatesTokenCount: 1_220,
  thoughtsTokenCount: 151,
  totalTokenCount: 1_381,
  promptTokensDetails: [{ modality: "TEXT", tokenCount: 10 }],
  candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1_120 }],
};

it("[P8] Google's count of tokens, at its listed prices: what is no picture is text, thoughts among it", () => {
  // 10 × 1.5 + 1120 × 30 + (100 + 151) × 7.5
  expect(pictureCost(USAGE, PRICES, 0)).toEqual({ usdMicros: 35_498, basis: "tokens" });
});

it("[P8] references are counted where Google says how much of the prompt they were, and lists a price for them", () => {
  const prompt = [
    { modality: "TEXT", tokenCount: 10 },
    { modality: "IMAGE", tokenCount: 560 },
  ];
  const usage = { ...USAGE, promptTokenCount: 570, promptTokensDetails: prompt };
  expect(pictureCost(usage, PRICES, 1)).toBeUndefined();
  expect(pictureCost(usage, { ...PRICES, picturesIn: 2 }, 1)?.usdMicros).toBe(36_618);
  expect(pictureCost(USAGE, { ...PRICES, picturesIn: 2 }, 1)).toBeUndefined();
});

it("[P8] what is no count of a picture is no cost", () => {
  const nonsense = [
    undefined,
    null,
    "1120",
    {},
    { ...USAGE, candidatesTokensDetails: undefined },
    { ...USAGE, candidatesTokensDetails: [] },
    { ...USAGE, candidatesTokenCount: 5 },
    { ...USAGE, promptTokenCount: -1 },
    { ...USAGE, promptTokenCount: "10" },
    { ...USAGE, thoughtsTokenCount: Number.NaN },
    { ...USAGE, candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1.5 }] },
  ];
  for (const usage of nonsense) expect([usage, pictureCost(usage, PRICES, 0)]).toEqual([usage, undefined]);
});
