import Sqlite from "better-sqlite3";
import { refuseOther } from "../sqlite/migrate.ts";
import { preparedOn } from "../sqlite/preparedOn.ts";
import { storable } from "../rows/storable.ts";
import { FIRST_WORKSPACE, nameOfStudio } from "../rows/nameOfStudio.ts";
import { LEDGERS } from "./WorkspaceLedger.ts";
import type { VersionId } from "@reelstate/lifecycle";
import type { Database, Statement } from "better-sqlite3";
import type { FirstWorkspace } from "../rows/nameOfStudio.ts";
import type { CopiedColumn, CopiedTable } from "./copiedTables.ts";
import type { WorkspaceLedger } from "./WorkspaceLedger.ts";

/** A row as PostgreSQL shall hold it, its values in the order of the table's columns. JSON stays the text that it is. */
export type MovedRow = readonly (string | number | boolean | null)[];

/** Which rows of a table: those behind a key, in the key's order. */
export interface RowsAfter {
  readonly after: readonly unknown[] | null;
  readonly limit: number;
}

/** The files that one version refers to, as its row tells of them. */
export interface MediaRow {
  readonly versionId: VersionId;
  readonly key: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly posterKey: string | null;
  readonly thumbKey: string | null;
}

/** Every version that refers to a file, in the order of their ids, a page at a time. */
export interface MediaRows {
  /** How many there are behind a version, or of all. */
  readonly count: (after: VersionId | null) => number;
  readonly list: (page: { readonly after: VersionId | null; readonly limit: number }) => readonly MediaRow[];
}

/** A stopped studio's file, read as it was at one moment, and never written to. */
export interface Source {
  /** Names the last time a studio was started on it: as long as that is the same, nothing in it has changed. */
  readonly boot: string;
  /** Whether a studio on this file, or one that it is a copy of, was once started by that name. */
  readonly knows: (boot: string) => boolean;
  readonly count: (table: CopiedTable) => number;
  readonly rows: (table: CopiedTable, page: RowsAfter) => readonly MovedRow[];
  readonly ledgers: () => readonly WorkspaceLedger[];
  readonly media: MediaRows;
  /** The studio's name, which its rows take along (`Store.studioName`). */
  readonly studioName: () => string;
  readonly close: () => void;
}

/** Throws `DatabaseTooNew`, `DatabaseDamaged`, or an error that says so when the file is older than this program. */
export function openSource(file: string): Source {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    refuseOther(db, file);
    const media = preparedOn(db, file, prepareMedia);
    db.exec("BEGIN");
    const statements = new Map<string, Statement>();
    const prepared = (sql: string): Statement => {
      const statement = statements.get(sql) ?? db.prepare(sql).raw();
      statements.set(sql, statement);
      return statement;
    };
    const boots = db
      .prepare("SELECT id FROM feed_boot WHERE id = COALESCE(?, id) ORDER BY number DESC LIMIT 1")
      .pluck();
    const boot = boots.get(null) as string | undefined;
    if (boot === undefined) throw new Error(`No studio was ever started on ${file}.`);
    return {
      boot,
      knows: (name) => boots.get(name) !== undefined,
      count: ({ name }) => Number(db.prepare(`SELECT count(*) FROM ${name}`).pluck().get()),
      rows: (table, { after, limit }) =>
        (prepared(rowsSql(table, after !== null)).all(...(after ?? []), limit) as unknown[][]).map((row) =>
          row.map((value, at) => asPostgres(value, table.columns[at])),
        ),
      ledgers: () => db.prepare(LEDGERS).all() as WorkspaceLedger[],
      media: {
        count: (after) => Number(media.count.get(after ?? "")),
        list: ({ after, limit }) => media.list.all(after ?? "", limit) as MediaRow[],
      },
      studioName: () => nameOfStudio(db.prepare(FIRST_WORKSPACE).get() as FirstWorkspace | undefined),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepareMedia(db: Database) {
  const refers = "COALESCE(media_key, poster_key, thumb_key) IS NOT NULL";
  return {
    count: db.prepare(`SELECT count(*) FROM version WHERE id > ? AND ${refers}`).pluck(),
    list: db.prepare(
      `SELECT id AS versionId, media_key AS key, bytes, sha256, poster_key AS posterKey, thumb_key AS thumbKey
       FROM version WHERE id > ? AND ${refers} ORDER BY id LIMIT ?`,
    ),
  };
}

function rowsSql({ name, columns, key }: CopiedTable, isBehind: boolean): string {
  const behind = isBehind ? `WHERE (${key.join(", ")}) > (${key.map(() => "?").join(", ")})` : "";
  return `SELECT ${columns.map((column) => column.name).join(", ")} FROM ${name} ${behind} ORDER BY ${key.join(", ")} LIMIT ?`;
}

function asPostgres(value: unknown, column: CopiedColumn | undefined): string | number | boolean | null {
  if (value === null || typeof value === "number")
    return column?.type === "boolean" && value !== null ? value === 1 : value;
  // Kept by a program of before, which did not see to it.
  if (typeof value === "string") return storable(value);
  throw new TypeError(`The column ${column?.name} holds what this program never writes: ${typeof value}.`);
}
