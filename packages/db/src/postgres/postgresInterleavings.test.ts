import { describe } from "vitest";
import { storeInterleavings } from "../testing/interleavings/storeInterleavings.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";

describe("PostgreSQL", () => {
  storeInterleavings(openPostgresForTest, { oneIn: 53 });
});
