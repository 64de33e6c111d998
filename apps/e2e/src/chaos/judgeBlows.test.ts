import { expect, it } from "vitest";
import { judgeBlows } from "./judgeBlows.ts";
import type { Struck } from "./judgeBlows.ts";
import type { Blow } from "./planBlows.ts";

const worker = { role: "worker", number: 0 } as const;
const BLOWS: readonly Blow[] = [
  { kind: "kill", ...worker, downMs: 0 },
  { kind: "kill", ...worker, downMs: 0 },
  { kind: "stop", ...worker },
  { kind: "cut", ...worker, when: "before" },
  { kind: "cut", ...worker, when: "after" },
  { kind: "cut", ...worker, when: "after" },
  { kind: "endSessions", count: 3, draw: 1 },
  { kind: "restartDatabase" },
];
const STRUCK: Struck = {
  kills: 2,
  stops: 1,
  restarts: 1,
  sessions: 1,
  cuts: { before: 1, after: 1 },
  clocks: new Map([
    ["worker 1", 599_000],
    ["worker 2", -601_000],
    ["worker 3", 0],
  ]),
};
const missed = (change: Partial<Struck>, blows = BLOWS): readonly string[] =>
  judgeBlows(blows, { ...STRUCK, ...change }).map(({ subject }) => subject);

it("a blow that fell beside is a finding, and so is a clock that is right where it should be wrong", () => {
  expect(missed({})).toEqual([]);
  expect(missed({ kills: 1 })).toEqual(["kill"]);
  expect(missed({ stops: 0 })).toEqual(["stop"]);
  expect(missed({ restarts: 0 })).toEqual(["restartDatabase"]);
  expect(missed({ sessions: 0 })).toEqual(["endSessions"]);
  expect(missed({ cuts: { before: 0, after: 2 } })).toEqual(["cut before COMMIT"]);
  expect(missed({ cuts: { before: 2, after: 0 } })).toEqual(["cut after COMMIT"]);
  expect(missed({ clocks: new Map([["worker 1", 0]]) })).toEqual(["worker 1", "worker 2"]);
  // Nobody asks for a blow that was not dealt.
  const none = { kills: 0, stops: 0, restarts: 0, sessions: 0, cuts: { before: 0, after: 0 } };
  expect(missed(none, [])).toEqual([]);
});
