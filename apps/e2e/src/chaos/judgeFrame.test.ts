import { expect, it } from "vitest";
import { judgeFrame } from "./judgeFrame.ts";
import type { ShownFrame } from "./judgeFrame.ts";

const TRUE: ShownFrame = { connection: "live", trouble: "none", credits: "90", queue: "0" };
const accused = (change: Partial<ShownFrame>): readonly string[] =>
  judgeFrame({ ...TRUE, ...change }, { balance: 96, held: 6 }).map(({ subject }) => subject);

it("[U5] a page that lost its connection, its credits or count of what waits is accused, and one that says nothing too", () => {
  expect(accused({})).toEqual([]);
  expect(accused({ connection: "connecting" })).toEqual(["screen, connection"]);
  expect(accused({ trouble: "database" })).toEqual(["screen, trouble"]);
  expect(accused({ credits: "96" })).toEqual(["screen, credits"]);
  expect(accused({ queue: "1" })).toEqual(["screen, queue"]);
  const silent = { connection: undefined, trouble: undefined, credits: undefined, queue: undefined };
  expect(accused(silent)).toHaveLength(4);
});
