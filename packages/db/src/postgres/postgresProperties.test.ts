import { describe } from "vitest";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { storeProperties } from "../testing/storeProperties.ts";

describe("PostgreSQL", () => {
  storeProperties(
    async () => {
      const opened = await openPostgresForTest();
      return { ...opened, openAgain: () => opened.openAgain({ alone: true }) };
    },
    { runs: 10, contain: ["create", "claim"], timeoutMs: 300_000 },
  );
});
