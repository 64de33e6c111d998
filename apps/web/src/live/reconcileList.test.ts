import { epochMs } from "@reelstate/lifecycle";
import { describe, expect, it } from "vitest";
import { hear, JUST_NOW, knowNothing, learnAssets, learnPage } from "./knowledge.ts";
import { reconcileList } from "./reconcileList.ts";
import { modelStudio } from "./testing/modelStudio.ts";
import { projects } from "./testing/studioSteps.ts";
import type { ListFilter } from "./reconcileList.ts";
import type { ModelStudio } from "./testing/modelStudio.ts";

const ids = (pages: ReturnType<typeof reconcileList>) =>
  pages.map(({ items }) => items.map(({ id }) => id.slice(-1)).join(""));

function studioOf(count: number): ModelStudio {
  const studio = modelStudio();
  for (let made = 0; made < count; made += 1) studio.create(made % 2 === 0 ? "image" : "video", projects[0]);
  return studio;
}

describe("reconcileList", () => {
  it("[U4] a created asset stands at the top of every list it belongs to, and of no other", () => {
    const studio = studioOf(2);
    const filters: ListFilter[] = [
      {},
      { type: "image" },
      { type: "video" },
      { status: "failed" },
      { projectId: projects[1] },
      { search: "TRAM" },
    ];
    const lists = filters.map(
      (filter) => [filter, studio.list({ ...filter, ...(filter.search ? { search: "tram" } : {}) })] as const,
    );
    const known = learnPage(knowNothing(), studio.list({}));
    const created = learnAssets(known, [studio.create("image", projects[0])], JUST_NOW);
    expect(lists.map(([filter, page]) => ids(reconcileList([page], filter, { known: created }))[0])).toEqual([
      "321",
      "31",
      "2",
      "",
      "",
      "31",
    ]);
  });

  it("[E5] an asset whose status leaves a filter leaves that list, and comes into the other", () => {
    const studio = studioOf(3);
    const [waiting, failed] = [studio.list({ status: "pending" }), studio.list({ status: "failed" })];
    const known = learnPage(knowNothing(), waiting);
    const id = waiting.items[1]?.id;
    if (id !== undefined) studio.move(id, "failed");
    const now = studio.itemsAfter(3).reduce(hear, known);
    expect(ids(reconcileList([waiting], { status: "pending" }, { known: now }))).toEqual(["31"]);
    expect(ids(reconcileList([failed], { status: "failed" }, { known: now }))).toEqual(["2"]);
  });

  it("[E5] pages keep their order, show an asset once, and do not grow beyond what was loaded", () => {
    const studio = studioOf(6);
    const first = studio.list({}, { limit: 2 });
    const second = studio.list({}, { cursor: first.nextCursor ?? "", limit: 2 });
    const known = learnPage(knowNothing(), studio.list({}));
    // 1 and 2 are known, and older than the last page; 5 comes twice.
    const doubled = { ...second, items: [...first.items.slice(1), ...second.items] };
    expect(ids(reconcileList([first, doubled], {}, { known }))).toEqual(["65", "43"]);
    const { id } = studio.create("image", projects[0]);
    const created = studio.itemsAfter(6).reduce(hear, known);
    expect(ids(reconcileList([first, doubled], {}, { known: created, touched: [id, id] }))).toEqual(["765", "43"]);
  });

  it("[E5] an asset whose id was made before another's, and which was written down after it, stood above it until the page was loaded anew", () => {
    const studio = studioOf(2);
    const page = studio.list({});
    const [newest] = page.items;
    const made = studio.create("image", projects[0]);
    // Another process made the id of the older one a moment earlier, and its transaction came later.
    const late = { ...(newest ?? made), createdAt: epochMs(made.createdAt + 1) };
    const list = { ...page, items: [late, ...page.items.slice(1)] };
    const known = learnAssets(learnPage(knowNothing(), list), [made], JUST_NOW);
    expect(ids(reconcileList([list], {}, { known }))).toEqual(["321"]);
  });

  it("[E5] a page that was read later than what is known is believed", () => {
    const studio = studioOf(2);
    const known = learnPage(knowNothing(), studio.list({}));
    const later = { ...studio.list({}), items: studio.list({}).items.slice(1), seq: 9 };
    expect(ids(reconcileList([later], {}, { known }))).toEqual(["1"]);
  });

  it("[E5] what does not change stays the same object, page by page and asset by asset", () => {
    const studio = studioOf(4);
    const first = studio.list({}, { limit: 2 });
    const pages = [first, studio.list({}, { cursor: first.nextCursor ?? "", limit: 2 })];
    const known = pages.reduce(learnPage, knowNothing());
    expect(reconcileList(pages, {}, { known })).toBe(pages);
    const id = first.items[0]?.id;
    if (id !== undefined) studio.move(id, "processing");
    const moved = reconcileList(pages, {}, { known: studio.itemsAfter(4).reduce(hear, known) });
    expect(moved[0]?.items[0]?.status).toBe("processing");
    expect(moved[0]?.items[1]).toBe(first.items[1]);
    expect(moved[1]).toBe(pages[1]);
  });
});
