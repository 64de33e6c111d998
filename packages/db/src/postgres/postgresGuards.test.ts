import { Client } from "pg";
import { expect, it } from "vitest";
import { openStudio } from "../testing/openStudio.ts";
import { openPostgresForTest } from "../testing/postgres/openPostgresForTest.ts";
import { postgresConnection } from "./openPostgresPool.ts";

it("[J8] [C3] [E1] what the machines refuse is refused of a hand-typed statement too, as a check would", async () => {
  const postgres = await openPostgresForTest();
  await using studio = await openStudio(async () => postgres);
  const done = await studio.made();
  await studio.fail(await studio.start(), { retryable: false });
  await studio.create();
  const client = new Client(postgresConnection({ url: postgres.url }));
  await client.connect();
  const refused = [
    `UPDATE job SET status = 'processing', phase = 'submitting' WHERE id = '${done.jobId}'`,
    "UPDATE job SET status = 'completed', phase = NULL WHERE status = 'pending'",
    "UPDATE job SET attempt = attempt + 1",
    "UPDATE job SET quote = 0",
    "UPDATE job SET phase = 'storing' WHERE status = 'pending'",
    "INSERT INTO job SELECT * FROM job WHERE status = 'completed'",
    "INSERT INTO job SELECT * FROM job WHERE status = 'pending' ON CONFLICT (id) DO UPDATE SET quote = 0",
    "UPDATE asset SET status = 'pending', row_version = row_version + 1 WHERE status = 'completed'",
    "UPDATE asset SET row_version = row_version - 1",
    "INSERT INTO asset SELECT * FROM asset ON CONFLICT DO NOTHING",
    "UPDATE version SET status = 'failed' WHERE status = 'completed'",
    "INSERT INTO version SELECT * FROM version ON CONFLICT DO NOTHING",
    "UPDATE credit_entry SET balance = 5",
    "DELETE FROM credit_entry",
    "TRUNCATE credit_entry",
    "INSERT INTO credit_entry (workspace_id, at, kind, balance, held) VALUES ('w', 1, 'gift', 5, 0)",
    "INSERT INTO credit_entry (workspace_id, at, kind, balance, held) VALUES ('w', 1, 'grant', -5, 0)",
    "UPDATE event SET to_status = 'completed'",
    "DELETE FROM event WHERE seq = 2",
    "TRUNCATE event",
    "INSERT INTO event SELECT workspace_id, seq + 100, at, event, asset_id, version_id, job_id, attempt, from_status, to_status, job_from, job_to, code FROM event",
  ];
  for (const statement of refused) {
    const said: unknown = await client.query(statement).catch((error: unknown) => error);
    expect(said, statement).toMatchObject({ code: "23514", message: expect.stringMatching(/^reelstate: /) });
  }
  // What they let through is what they are there for: the same rows, by legal steps.
  await client.query(`UPDATE asset SET name = 'Another' WHERE id = '${done.assetId}'`);
  await client.query("UPDATE job SET lease_until = 1 WHERE status = 'pending'");
  await client.end();
});

it("[A4] the query that people type by hand works", async () => {
  const postgres = await openPostgresForTest();
  await using studio = await openStudio(async () => postgres);
  await studio.made();
  await studio.create({ type: "video" });
  const client = new Client(postgresConnection({ url: postgres.url }));
  await client.connect();
  const sql =
    "SELECT id, name, status, error_message FROM asset WHERE asset_type = 'video' ORDER BY created_at DESC LIMIT 10;";
  expect((await client.query(sql)).rows).toMatchObject([{ status: "pending", error_message: null }]);
  const seed = "SELECT params ->> 'seed' AS seed FROM version LIMIT 1";
  expect((await client.query(seed)).rows).toEqual([{ seed: "7" }]);
  await client.end();
});
