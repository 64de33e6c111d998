import { Client } from "pg";
import { connectionOver } from "../Connection.ts";
import { refuseOtherPostgres } from "../migrate.ts";
import { postgresConnection } from "../openPostgresPool.ts";
import { explainedFailure } from "../postgresFailure.ts";
import { DATABASE_CLOCK } from "../Session.ts";
import { checkInvariants } from "./checkInvariants.ts";
import { schemaDamage } from "./schemaDamage.ts";
import type { Finding } from "../../store/keeping.ts";
import type { SchemaDamage } from "./schemaDamage.ts";

/**
 * What is wrong in a studio's database, a running one's too: nothing is changed or migrated (K1). Throws `DatabaseTooNew`, or
 * an error that says so when the database is older than this program.
 */
export async function inspectPostgres(url: string): Promise<readonly Finding[]> {
  const client = new Client({ ...postgresConnection({ url, applicationName: "reelstate doctor" }), query_timeout: 0 });
  // The loss of the connection is told by the statement that waits.
  client.on("error", () => {});
  try {
    await client.connect();
    await refuseOtherPostgres(client);
    const connection = connectionOver(client);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    const damage = await schemaDamage(connection);
    // Of a database that lacks a table not every question can be asked; that it is gone says enough.
    const rows = damage.some(({ type }) => type === "table")
      ? []
      : await checkInvariants({ clock: () => DATABASE_CLOCK }, connection, undefined);
    await client.query("ROLLBACK");
    return [...damage.map(toFinding), ...rows];
  } catch (error) {
    throw explainedFailure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function toFinding({ type, name }: SchemaDamage): Finding {
  return {
    check: "schema_changed",
    rule: "J8",
    subject: name,
    workspaceId: null,
    assetId: null,
    explanation: `The ${type} is not in the database as this program makes it.`,
    mendable: type !== "table",
  };
}
