/** The database was written by an older program, and whoever only looks, or only reads, does not bring it up to date. */
export class DatabaseTooOld extends Error {
  override readonly name = "DatabaseTooOld";

  constructor(database: string) {
    super(`${database} is from an older Reelstate. Start the studio once to bring it up to date.`);
  }
}
