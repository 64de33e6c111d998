import { describe } from "vitest";
import { storeInterleavings } from "../testing/interleavings/storeInterleavings.ts";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";

describe("SQLite", () => {
  storeInterleavings(openSqliteForTest);
});
