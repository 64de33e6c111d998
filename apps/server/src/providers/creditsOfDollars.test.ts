import { expect, it } from "vitest";
import { creditsOfDollars } from "./creditsOfDollars.ts";

it("[C1] a cent is a credit, and what is begun is paid", () => {
  expect([0, 0.003, 0.01, 0.07, 0.039, 0.29, 1.1].map(creditsOfDollars)).toEqual([0, 1, 1, 7, 4, 29, 110]);
});
