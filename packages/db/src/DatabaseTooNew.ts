interface Versions {
  readonly found: number;
  readonly known: number;
  /** What to do instead of starting the newer version again. */
  readonly instead: string;
}

/** The database was written by a newer program; opening it with this one would lose what it does not know. */
export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew";

  constructor(database: string, { found, known, instead }: Versions) {
    super(
      `The database ${database} was last used by a newer Reelstate (schema ${found}; this program knows ${known}). ` +
        `Start that version again, or ${instead}. Nothing was changed.`,
    );
  }
}
