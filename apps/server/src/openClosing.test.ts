import { pino } from "pino";
import { expect, it } from "vitest";
import { openClosing } from "./openClosing.ts";

/** Time that passes when it is told to. */
function openTime() {
  let now = 0;
  const due: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    clock: () => now,
    monotonic: () => now,
    after: (ms: number, callback: () => void) => {
      const timer = { at: now + ms, callback };
      due.push(timer);
      return () => void due.splice(due.indexOf(timer), due.includes(timer) ? 1 : 0);
    },
    pass: (ms: number) => {
      now += ms;
      for (const timer of due.filter(({ at }) => at <= now)) timer.callback();
    },
    waiting: () => due.length,
  };
}

function opened(withinMs: number) {
  const time = openTime();
  const said: unknown[] = [];
  const log = pino({ base: null }, { write: (line) => void said.push(JSON.parse(line)) });
  return { time, said, inTime: openClosing({ ...time, log }, withinMs) };
}

const hangs = (): Promise<void> => new Promise(() => {});
/** Whether it has ended by now. */
async function hasEnded(work: Promise<void>): Promise<boolean> {
  return Promise.race([work.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);
}

it("[J6] a part that hangs is left behind, named, and takes little of the time of those that follow", async () => {
  const { time, said, inTime } = opened(3_000);
  const first = inTime("janitor", hangs)();
  time.pass(2_999);
  expect(await hasEnded(first)).toBe(false);
  time.pass(1);
  expect(await hasEnded(first)).toBe(true);
  const second = inTime("storage", hangs)();
  time.pass(299);
  expect(await hasEnded(second)).toBe(false);
  time.pass(1);
  expect(await hasEnded(second)).toBe(true);
  expect(said).toMatchObject([{ part: "janitor" }, { part: "storage" }]);
});

it("a part that closes is waited for, tells of what breaks it, and leaves no timer", async () => {
  const { time, said, inTime } = opened(3_000);
  let closed = 0;
  await inTime("database", async () => void (closed += 1))();
  await expect(inTime("sweeper", () => Promise.reject(new Error("broken")))()).rejects.toThrow("broken");
  expect([closed, time.waiting(), said]).toEqual([1, 0, []]);
});
