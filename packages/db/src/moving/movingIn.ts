import type { ClientBase } from "pg";

/** A database that a studio is being moved into: not all of it has come. */
export class MoveUnfinished extends Error {
  override readonly name = "MoveUnfinished";

  constructor() {
    super(
      "A studio is being moved into this database, and not all of it has come. Run `npx pnpm studio migrate` again as it was " +
        "begun, until it says that all is there; or point DATABASE_URL at another database.",
    );
  }
}

/** In a database that a studio is moved into: where it came from, how far that is, and since when it is whole. It stays. */
export const MOVING_IN = `CREATE TABLE moving_in (
  boot text NOT NULL,
  schema integer NOT NULL,
  storage text NOT NULL,
  media_after text,
  media_files bigint NOT NULL,
  media_bytes bigint NOT NULL,
  began_at bigint NOT NULL,
  ended_at bigint
)`;

export interface MovingIn {
  /** What the source was when it was copied: see `Source.boot`. */
  readonly boot: string;
  /** How many migrations made the tables. */
  readonly schema: number;
  /** Where the media goes, in a person's words. */
  readonly storage: string;
  /** The version up to which all media is there, and was read; null: none. */
  readonly mediaAfter: string | null;
  readonly mediaFiles: number;
  readonly mediaBytes: number;
  readonly endedAt: number | null;
}

/** Null where nobody moved in, or began to. */
export async function readMovingIn(client: ClientBase): Promise<MovingIn | null> {
  const there = await client.query(
    "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'moving_in'",
  );
  if (there.rowCount === 0) return null;
  const { rows } = await client.query<MovingIn>(
    `SELECT boot, schema, storage, media_after AS "mediaAfter", media_files AS "mediaFiles", media_bytes AS "mediaBytes",
       ended_at AS "endedAt" FROM moving_in`,
  );
  return rows[0] ?? null;
}
