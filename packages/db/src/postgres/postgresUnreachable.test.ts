import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { realStoreTimers } from "../sqlite/openGroupCommit.ts";
import { isOfRows } from "./contradictions.ts";
import { openPostgresPool } from "./openPostgresPool.ts";
import { openTransactions } from "./openTransactions.ts";
import type { AddressInfo } from "node:net";

it("[K1] [K2] a server that speaks no TLS any more is unreachable; it was once taken for rows that contradict each other, and good jobs were set aside", async () => {
  const server = createServer((socket) => void socket.on("data", () => socket.write("N")).on("error", () => {}));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const pool = openPostgresPool({ url: `postgres://u:p@127.0.0.1:${port}/studio?sslmode=verify-full` });
  const db = openTransactions(pool, { after: realStoreTimers.after });
  const asked = db.write(({ run }) => run("SELECT 1")).catch((error: unknown) => error);
  expect(await asked).toMatchObject({ name: "StoreUnavailable", reason: "unreachable" });
  expect(isOfRows(await asked)).toBe(false);
  await pool.end();
  server.close();
});
