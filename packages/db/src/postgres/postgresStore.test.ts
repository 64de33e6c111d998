import { describe } from "vitest";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { storeContract } from "../testing/storeContract.ts";

describe("PostgreSQL", () => {
  storeContract(openPostgresForTest);
});
