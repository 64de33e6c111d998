import { ASSET_TYPES, STATUSES } from "@reelstate/lifecycle";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assetHref, budgetHref, healthHref, libraryHref, providersHref, readAddress } from "./Address.ts";
import { listFilter } from "./place.ts";
import type { AssetId, ProjectId } from "@reelstate/lifecycle";
import type { Place } from "./place.ts";

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const place: fc.Arbitrary<Place> = fc.record(
  {
    project: id.map((value) => value as ProjectId),
    type: fc.constantFrom(...ASSET_TYPES),
    status: fc.constantFrom(...STATUSES),
    q: fc.string({ minLength: 1, unit: "grapheme" }),
  },
  { requiredKeys: [] },
);

const read = (href: string) => readAddress(new URL(href, "http://studio.test"));

describe("addresses", () => {
  it("[U5] keep the whole place, so that a reload shows it again", () => {
    fc.assert(
      fc.property(place, (there) => {
        expect(read(libraryHref(there))).toEqual({ at: "library", place: there });
      }),
    );
  });

  it("keep the list from which details were opened", () => {
    fc.assert(
      fc.property(id, place, (asset, there) => {
        expect(read(assetHref(asset as AssetId, there))).toEqual({ at: "asset", assetId: asset, place: there });
      }),
    );
  });

  it("name the health of the studio and its budget, and keep the list behind them", () => {
    fc.assert(
      fc.property(place, (there) => {
        expect(read(healthHref(there))).toEqual({ at: "health", place: there });
        expect(read(budgetHref(there))).toEqual({ at: "budget", place: there });
      }),
    );
  });

  it("name the providers, or one of them, and keep the list behind it", () => {
    const provider = fc.option(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/));
    fc.assert(
      fc.property(provider, place, (named, there) => {
        expect(read(providersHref(there, named))).toEqual({ at: "providers", provider: named, place: there });
      }),
    );
  });

  it.each([
    "/x",
    "/providers/a/b",
    "/providers/Fal",
    "/budget/x",
    "/health/x",
    "/healthy",
    "/a/",
    "/a/b/c",
    "/p/",
    "/a/a.b",
    "/index.html",
  ])("lead nowhere at %s", (path) => {
    expect(read(path).at).toBe("nowhere");
  });

  it("leave out what is no type and no status", () => {
    expect(read("/?type=music&status=done&q=").place).toEqual({});
  });

  it("ask the studio for what they name, and for no empty search", () => {
    expect(listFilter(read("/p/p1?type=video&status=failed&q=%20fog%20").place)).toEqual({
      projectId: "p1",
      type: "video",
      status: "failed",
      search: "fog",
    });
    expect(listFilter({ q: "  " })).toEqual({});
  });
});
