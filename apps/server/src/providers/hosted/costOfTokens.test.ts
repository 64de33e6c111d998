import { expect, it } from "vitest";
import { costOfTokens } from "./costOfTokens.ts";

it("[P8] tokens of each kind at the price that is listed for it: dollars a million are millionths of a dollar each", () => {
  const kinds = [
    { tokens: 7, price: 1.5 },
    { tokens: 1_120, price: 30 },
    { tokens: 0, price: undefined },
  ];
  expect(costOfTokens(kinds)).toEqual({ usdMicros: 33_611, basis: "tokens" });
});

it("[P8] an amount that would leave something out is none, nor is nothing at all", () => {
  const picture = { tokens: 1_120, price: 30 };
  expect(costOfTokens([picture, { tokens: 258, price: undefined }])).toBeUndefined();
  for (const tokens of [undefined, null, "1120", -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])
    expect(costOfTokens([picture, { tokens, price: 30 }])).toBeUndefined();
  expect(costOfTokens([{ tokens: 0, price: 30 }])).toBeUndefined();
});
