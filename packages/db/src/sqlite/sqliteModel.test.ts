import { describe } from "vitest";
import { openSqliteForTest } from "../testing/openSqliteForTest.ts";
import { storeModel } from "../testing/storeModel.ts";

describe("SQLite", () => {
  storeModel(openSqliteForTest);
});
