import { describe, expect, it } from "vitest";
import { runChaos } from "./runChaos.ts";

const SEED = 7;

describe("chaos on the cluster", () => {
  it(
    `[A1] [A5] [C2] [C3] [C4] [E2] [J6] [P1] [P2] [P6] [U5] half a minute of it, from seed ${SEED}: nothing lost, nothing stuck, nothing paid twice, and every open page shows the truth`,
    { timeout: 900_000 },
    async () => {
      const { findings, ...report } = await runChaos({ seed: SEED, strikingMs: 30_000 });
      // Also that it was chaos at all, and hit something: it goes on until it did, on a slow machine too.
      expect(findings, JSON.stringify(report)).toEqual([]);
      const kinds = new Set(report.blows.map(({ kind }) => kind));
      expect([...kinds].toSorted()).toEqual(["cut", "endSessions", "kill", "restartDatabase", "stop"]);
    },
  );
});
