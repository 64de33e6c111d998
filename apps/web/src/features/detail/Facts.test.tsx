// @vitest-environment jsdom
import { cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStudioPage } from "../../testing/openStudioPage.tsx";
import { stateNamed, STATES } from "../../ui/testing/states.ts";
import { Facts } from "./Facts.tsx";
import type { Cost, Language } from "@reelstate/lifecycle";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

function openFacts(language: Language, cost?: Cost) {
  const asset = stateNamed(STATES.completed);
  const version = { ...asset.currentVersion, ...(cost === undefined ? {} : { cost }) };
  openStudioPage(<Facts asset={{ ...asset, currentVersion: version }} version={version} />, { language });
}

const fact = (label: string) => screen.queryByText(label)?.nextElementSibling?.textContent;

describe("what a version cost at its provider", () => {
  it.each([
    ["en", "Cost at the provider", "$0.0392 · by its tokens, at list price", "Credits charged"],
    ["zh", "服务商费用", "US$0.0392 · 按 token 数和标价计算", "已扣积分"],
  ] as const)(
    "stands beside the credits that were charged, with how it is known (%s)",
    (language, label, said, charged) => {
      openFacts(language, { usdMicros: 39_200, basis: "tokens" });
      expect(fact(label)).toBe(said);
      expect(fact(charged)).toMatch(/^\d+$/);
    },
  );

  it("is not made up where the provider tells nothing", () => {
    openFacts("en");
    expect(fact("Credits charged")).toMatch(/^\d+$/);
    expect(fact("Cost at the provider")).toBeUndefined();
  });
});
