import { expect, it } from "vitest";
import { drawBars } from "./drawBars.ts";
import { drawLines } from "./drawLines.ts";
import { toSvg } from "./svg.ts";

it("draws bars as long as their values, and a thin line up to the percentile above", () => {
  const { body } = drawBars({
    title: "Faster & longer",
    bars: [
      { label: "this", value: 200, says: "200/s", ours: true },
      { label: "that", value: 100, until: 150, says: "100/s", ours: false },
    ],
  });
  const widths = [...body.matchAll(/<rect class="(\w+)"[^>]* width="([\d.]+)"/g)].map(([, kind, width]) => [
    kind,
    Number(width),
  ]);
  const [[first, long] = [], [second, short] = []] = widths;
  expect([first, second]).toEqual(["ours", "other"]);
  expect(Number(long) / Number(short)).toBeCloseTo(2, 1);
  expect(Number(/x2="([\d.]+)"/.exec(body)?.[1]) - 290).toBeCloseTo(Number(short) * 1.5, 0);
});

it("gives each step of ten the same width where values are orders of magnitude apart", () => {
  const bars = [1, 10, 100].map((value) => ({ label: "", value, says: "", ours: false }));
  const { body } = drawBars({ title: "", logarithmic: true, bars });
  const [one = 0, ten = 0, hundred = 0] = [...body.matchAll(/width="([\d.]+)" height/g)].map(([, width]) =>
    Number(width),
  );
  expect(hundred - ten).toBeCloseTo(ten - one, 0);
});

it("draws lines from zero up, and writes a file that a browser reads", () => {
  const lines = drawLines({
    title: "a < b",
    at: ["1", "2"],
    says: String,
    lines: [{ label: "it", values: [50, 100] }],
  });
  const [low, high] = [...lines.body.matchAll(/cy="([\d.]+)"/g)].map(([, y]) => Number(y));
  // Half as high above the line of zero.
  expect(210 - Number(low)).toBeCloseTo((210 - Number(high)) / 2, 0);
  expect(toSvg([lines])).toMatch(/^<svg [^]*a &lt; b[^]*<\/svg>\n$/);
});
