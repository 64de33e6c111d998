import { expect, it } from "vitest";
import { eventTimes } from "./eventTimes.ts";

const message = (at: number): string =>
  `id: ${at}\ndata: {"kind":"transition","seq":${at},"at":${at},"event":"create"}\n\n`;

it("an event that came in two pieces was never counted, and waited for without end", () => {
  const stream = `${message(1)}data: {"kind":"head","seq":1}\n\n${message(2)}${message(3)}`;
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const hear = eventTimes();
    expect([...hear(stream.slice(0, cut)), ...hear(stream.slice(cut))]).toEqual([1, 2, 3]);
  }
});
