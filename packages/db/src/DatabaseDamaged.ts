/** The file lacks a table, or has one otherwise than this program makes it; what was in it cannot be made up. */
export class DatabaseDamaged extends Error {
  override readonly name = "DatabaseDamaged";

  constructor(file: string, tables: readonly string[], options: { readonly cause: Error }) {
    super(
      `The database ${file} cannot be used (${options.cause.message}). Not as Reelstate makes it: ${tables.join(", ")}. ` +
        "`npx pnpm studio doctor` says all that is wrong; a table comes back only with a copy of the file.",
      options,
    );
  }
}
