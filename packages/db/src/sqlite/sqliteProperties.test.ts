import { describe } from "vitest";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { storeProperties } from "../testing/storeProperties.ts";

describe("SQLite", () => {
  storeProperties(openSqliteForTest, {
    runs: 60,
    contain: ["create", "claim", "complete", "fail", "cancel", "lose", "expire", "delete"],
    timeoutMs: 60_000,
  });
});
