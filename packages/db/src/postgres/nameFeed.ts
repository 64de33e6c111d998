import { createHash } from "node:crypto";
import { isKeptFromGuests, SERVER_HISTORY } from "./serverHistory.ts";
import type { Connection } from "./Connection.ts";
import type { Transactions } from "./openTransactions.ts";

/**
 * What the feed is, as far as a server can tell: of this cluster, this database in it, this way of its history (a standby that
 * took over, or a restored backup, goes another) and this start of the server (a snapshot of its disk that was put back is
 * started again). The same for all processes of a database, whenever they start.
 */
const DATABASE = `(SELECT oid FROM pg_database WHERE datname = current_database()),
    extract(epoch FROM pg_postmaster_start_time())`;
const IDENTITY = `SELECT concat_ws(' ', ${DATABASE}, ${SERVER_HISTORY}) AS identity`;
/** Where a hosted server does not tell its users about the rest. */
const IDENTITY_FOR_GUESTS = `SELECT concat_ws(' ', ${DATABASE}) AS identity`;

/** Any number that no other program on this database takes, and another than that of the migrations. */
const NAMING_LOCK = "8243107338930713205";
const BOOTS_KEPT = 200;

/**
 * Names the feed anew where it may have become another since it was named last, and notes where every workspace stood: a
 * position from before then still counts as far as that (E3).
 */
export async function nameFeed(db: Transactions, clock: () => string): Promise<void> {
  const id = await identityOf(db);
  if ((await db.read(newestName))?.id === id) return;
  await db.write(async (connection) => {
    await connection.rows(`SELECT pg_advisory_xact_lock(${NAMING_LOCK})`);
    // Asked again under the lock: another process may have been faster.
    const newest = await newestName(connection);
    if (newest?.id === id) return;
    const number = 1 + (newest?.number ?? 0);
    // Back to one that was named before: another process asked between the two, and each name is given once.
    await connection.run("DELETE FROM feed_boot WHERE id = $1", id);
    await connection.run(`INSERT INTO feed_boot (id, number, at) VALUES ($1, $2, ${clock()})`, id, number);
    await connection.run(
      "INSERT INTO feed_boot_seq (boot_number, workspace_id, seq) SELECT $1, id, seq FROM workspace",
      number,
    );
    await connection.run("DELETE FROM feed_boot WHERE number <= $1", number - BOOTS_KEPT);
    await connection.run("DELETE FROM feed_boot_seq WHERE boot_number <= $1", number - BOOTS_KEPT);
  });
}

interface FeedName {
  readonly id: string;
  readonly number: number;
}

async function newestName({ rows }: Connection): Promise<FeedName | undefined> {
  const [newest] = await rows<FeedName>("SELECT id, number FROM feed_boot ORDER BY number DESC LIMIT 1");
  return newest;
}

async function identityOf(db: Transactions): Promise<string> {
  const ask = (sql: string): Promise<readonly { readonly identity: string }[]> =>
    db.read((connection) => connection.rows<{ readonly identity: string }>(sql));
  const [found] = await ask(IDENTITY).catch((error: unknown) => {
    // Only where it will always be so: a name that depends on a moment would be another one in each process.
    if (!isKeptFromGuests(error)) throw error;
    return ask(IDENTITY_FOR_GUESTS);
  });
  return createHash("sha256")
    .update(found?.identity ?? "")
    .digest("hex")
    .slice(0, 32);
}
