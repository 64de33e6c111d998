import { expect, it } from "vitest";
import { isFault } from "./isFault.ts";

const line = (level: number, more: object): string => JSON.stringify({ level, time: 1_795_933_300_000, ...more });
const deadlock = { type: "DatabaseError", message: "deadlock detected", code: "40P01" };

it("hears errors, words that are not the program's own, and deadlocks that reached somebody; nothing else", () => {
  expect(isFault(line(50, { msg: "a request ended in a bug" }))).toBe(true);
  expect(isFault('{"level":60,"time":17959')).toBe(true);
  expect(isFault("TypeError: undefined is not a function")).toBe(true);
  expect(isFault(line(40, { err: deadlock, msg: "claiming failed; trying again" }))).toBe(true);
  expect(isFault(line(40, { err: { code: "40001", message: "" }, msg: "claiming failed" }))).toBe(true);
  expect(isFault(line(40, { detail: '{"code":"40001"}', msg: "the reply to a submit was lost" }))).toBe(true);
  expect(isFault(line(40, { err: { code: "57P01" }, msg: "claiming failed; trying again" }))).toBe(false);
  expect(isFault(line(30, { event: "lose", msg: "transition" }))).toBe(false);
  expect(isFault(line(50, { msg: "the bucket is away" }))).toBe(false);
  expect(isFault("  Reelstate is ready: http://127.0.0.1:12345")).toBe(false);
});

it("a time or an id that holds the digits of a failed serialisation was heard as one", () => {
  expect(isFault(JSON.stringify({ level: 40, time: 1_795_940_001_234, msg: "claiming failed; trying again" }))).toBe(
    false,
  );
  expect(isFault(line(40, { job: "019acdd4-0001-7123-8400-0140001f00aa", msg: "a heartbeat failed" }))).toBe(false);
});
