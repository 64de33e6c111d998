import { describe, expect, it } from "vitest";
import { watchSubmits } from "./watchSubmits.ts";
import type { ServedProvider, ServedRequest, ServedState } from "@reelstate/cluster/providers";

type Call = Parameters<Parameters<ServedProvider["server"]["onCall"]>[0]>[0];

/** A provider that is asked for the same again and again, and what its watch says of that. */
function watched({ looksUp = false } = {}) {
  const taken: ServedRequest[] = [];
  let tell = (_call: Call): void => {};
  const watch = watchSubmits([
    {
      name: "fal",
      looksUp,
      steps: { submit: "submit", poll: "poll", cancel: "cancel", file: "file" },
      requests: () => taken,
      promptIn: String,
      server: { onCall: (listener) => void (tell = listener) },
    },
  ]);
  return {
    watch,
    /** Asked, answered so, and taken on when there is a state. */
    submit: (answered: number | null, state?: ServedState) => {
      tell({ step: "submit", method: "POST", path: "/", headers: {}, body: "fog", answered });
      if (state !== undefined) taken.push({ id: `request ${taken.length + 1}`, prompt: "fog", state });
    },
    rules: () => watch.findings.map(({ rule }) => rule),
  };
}

describe("what a provider hears", () => {
  it("[P1] a submit while one is alive, or has come to something, is accused; one after what is over is not", () => {
    for (const state of ["alive", "made"] as const) {
      const at = watched();
      at.submit(200, state);
      expect(at.rules()).toEqual([]);
      at.submit(200, "over");
      expect(at.rules()).toEqual(["P1"]);
    }
    const at = watched();
    at.submit(200, "over");
    at.submit(429);
    at.submit(200, "over");
    expect(at.rules()).toEqual([]);
    expect(at.watch.heard("fal", "fog")).toBe(3);
  });

  it.each([null, 503])(
    "[P2] a submit after one that was answered %s is accused where nobody can ask about it",
    (answered) => {
      const at = watched();
      at.submit(answered);
      at.submit(200, "alive");
      expect(at.rules()).toEqual(["P2"]);
      const asked = watched({ looksUp: true });
      asked.submit(answered);
      asked.submit(200, "alive");
      expect(asked.rules()).toEqual([]);
    },
  );

  it("[P2] a person may decide that it may cost twice", () => {
    const at = watched();
    at.submit(null, "made");
    at.watch.decided("fog");
    at.submit(200, "alive");
    expect(at.rules()).toEqual([]);
    at.submit(200, "alive");
    expect(at.rules()).toEqual(["P1"]);
  });
});
