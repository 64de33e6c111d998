import { expect, it } from "vitest";
import { openStriker } from "./openStriker.ts";
import type { Program } from "@reelstate/cluster/program";

/** A process that no blow reaches: it has ended already, or goes on answering. */
const unharmed: Program = {
  name: "worker 1",
  url: "http://127.0.0.1:1",
  pid: () => undefined,
  kill9: async () => false,
  terminate: async () => null,
  signal: () => true,
  start: async () => {},
  isReady: async () => true,
  another: async () => ({ code: null, said: "" }),
  [Symbol.asyncDispose]: async () => {},
};

function open() {
  const cluster = { apis: [], workers: [unharmed], databaseUrl: "", restartDatabase: async () => {} };
  return openStriker({ cluster, cutters: new Map(), clocks: new Map() });
}

const worker = { role: "worker", number: 0 } as const;

it("blows that reached nobody counted as blows: only those are counted that were seen to strike", async () => {
  const striker = open();
  await striker.strike({ kind: "kill", ...worker, downMs: 0 });
  await striker.strike({ kind: "stop", ...worker });
  await striker.strike({ kind: "restartDatabase" });
  await expect.poll(() => striker.struck()).toMatchObject({ kills: 0, stops: 0, restarts: 1 });
  await expect(striker.strike({ kind: "cut", ...worker, when: "after" })).rejects.toThrow("no way of its own");
  await expect(striker.strike({ kind: "stop", role: "api", number: 0 })).rejects.toThrow("There is no api 1");
});
