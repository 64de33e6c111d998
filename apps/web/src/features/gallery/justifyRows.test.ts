import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardInDirection } from "./cardInDirection.ts";
import { justifyRows } from "./justifyRows.ts";

const aspects = fc.array(fc.double({ min: 0.5, max: 2.6, noNaN: true }), { minLength: 1, maxLength: 60 });
const options = fc.record({
  width: fc.integer({ min: 300, max: 3_800 }),
  gap: fc.constant(6),
  height: fc.integer({ min: 230, max: 430 }),
});

describe("rows", () => {
  it("hold every card once, in order, in its own shape, within the width", () => {
    fc.assert(
      fc.property(aspects, options, (shapes, room) => {
        const rows = justifyRows(shapes, room);
        expect(rows.flatMap(({ items }) => items.map(({ index }) => index))).toEqual(shapes.map((_, index) => index));
        for (const { items, height } of rows) {
          for (const { index, width } of items) expect(width / height).toBeCloseTo(shapes[index] ?? 0, 6);
          const last = items.at(-1);
          expect((last?.left ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(room.width + 0.001);
        }
      }),
    );
  });

  it("are full but for the last", () => {
    fc.assert(
      fc.property(aspects, options, (shapes, room) => {
        for (const { items } of justifyRows(shapes, room).slice(0, -1)) {
          const last = items.at(-1);
          expect((last?.left ?? 0) + (last?.width ?? 0)).toBeCloseTo(room.width, 3);
        }
      }),
    );
  });

  it("are none before there is a width", () => {
    expect(justifyRows([1, 2], { width: 0, gap: 6, height: 260 })).toEqual([]);
  });
});

describe("arrow keys", () => {
  const rows = justifyRows([1.5, 1.5, 1.5, 1.5, 1.5, 1.5], { width: 1_000, gap: 0, height: 330 });

  it("go to the neighbour, and over the end of a row to the next", () => {
    expect(rows.map(({ items }) => items.length)).toEqual([2, 2, 2]);
    expect(cardInDirection(rows, 1, "ArrowRight")).toEqual({ row: 1, index: 2 });
    expect(cardInDirection(rows, 2, "ArrowLeft")).toEqual({ row: 0, index: 1 });
  });

  it("go to the nearest above and below, and stay at the edges", () => {
    expect(cardInDirection(rows, 1, "ArrowDown")).toEqual({ row: 1, index: 3 });
    expect(cardInDirection(rows, 3, "ArrowUp")).toEqual({ row: 0, index: 1 });
    expect(cardInDirection(rows, 0, "ArrowUp")).toBeNull();
    expect(cardInDirection(rows, 5, "ArrowRight")).toBeNull();
    expect(cardInDirection(rows, 0, "x")).toBeNull();
  });
});
