import { describe } from "vitest";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { storeContract } from "../testing/storeContract.ts";

describe("SQLite", () => {
  storeContract(openSqliteForTest);
});
