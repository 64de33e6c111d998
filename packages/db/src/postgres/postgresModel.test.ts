import { describe } from "vitest";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { storeModel } from "../testing/storeModel.ts";

describe("PostgreSQL", () => {
  storeModel(openPostgresForTest, { oneIn: 13 });
});
