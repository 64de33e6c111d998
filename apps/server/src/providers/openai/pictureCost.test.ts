import { expect, it } from "vitest";
import { pictureCost } from "./pictureCost.ts";

const USAGE = {
  input_tokens: 332,
  input_tokens_details: { text_tokens: 9, image_tokens: 323 },
  output_tokens: 1_756,
  output_tokens_details: { text_tokens: 0, image_tokens: 1_756 },
  total_tokens: 2_088,
};

it("[P8] OpenAI's count of tokens, at its listed prices, references included", () => {
  // 9 × 5 + 323 × 8 + 1756 × 30
  expect(pictureCost(USAGE)).toEqual({ usdMicros: 55_309, basis: "tokens" });
  const { output_tokens_details: _left, ...older } = USAGE;
  expect(pictureCost(older)).toEqual({ usdMicros: 55_309, basis: "tokens" });
});

it("[P8] what is no count, or counts what no price is listed for, is no cost", () => {
  const nonsense = [
    undefined,
    null,
    1_756,
    {},
    { ...USAGE, input_tokens_details: undefined },
    { ...USAGE, output_tokens_details: { text_tokens: 7, image_tokens: 1_749 } },
    { ...USAGE, output_tokens_details: { text_tokens: 0, image_tokens: 0 } },
    { ...USAGE, output_tokens_details: { text_tokens: 0, image_tokens: -1_756 } },
    { ...USAGE, input_tokens_details: { text_tokens: "9", image_tokens: 0 } },
    { ...USAGE, input_tokens_details: { text_tokens: Number.NaN, image_tokens: 0 } },
    { ...USAGE, input_tokens_details: { text_tokens: 1e300, image_tokens: 0 } },
  ];
  for (const usage of nonsense) expect([usage, pictureCost(usage)]).toEqual([usage, undefined]);
});
