import type { Mutant } from "../Mutant.ts";

const OPEN = "packages/db/src/moving/openMove.ts";
const TARGET = "packages/db/src/moving/openTarget.ts";
const MOVING_TEST = "packages/db/src/moving/moving.test.ts";
const MIGRATE_TEST = "apps/server/src/moving/migrate.test.ts";

/** A studio that moves to another database is all there, or is not there yet. */
export const MOVING_ROWS: readonly Mutant[] = [
  {
    name: "a moved ledger begins to count anew",
    rule: "C3",
    file: TARGET,
    find: "COALESCE(max(id), 1), max(id) IS NOT NULL) FROM",
    replace: "1, false) FROM",
    test: { file: MOVING_TEST, name: "[J6] what was under way goes on after the move" },
  },
  {
    name: "what was copied before the old studio was started again counts",
    rule: null,
    file: OPEN,
    find: `return same && moving.schema === MIGRATIONS.length ? "begun" : "changed";`,
    replace: `return "begun";`,
    test: { file: MOVING_TEST, name: "before the old studio was started once more" },
  },
  {
    name: "a copied row is not compared",
    rule: "C3",
    file: "packages/db/src/moving/compareRows.ts",
    find: "if (column >= 0) throw",
    replace: "if (column < -1) throw",
    test: { file: MOVING_TEST, name: "[C3] a row that is another on the other side" },
  },
  {
    name: "a studio starts on half of a move",
    rule: null,
    file: "packages/db/src/postgres/migrate.ts",
    find: "throw new MoveUnfinished();",
    replace: "return MIGRATIONS.length;",
    test: { file: MOVING_TEST, name: "[C3] a row that is another on the other side" },
  },
  {
    name: "a file that is in the bucket already is not read",
    rule: "A5",
    file: "apps/server/src/moving/moveMedia.ts",
    find: "?.bytes === found.bytes && (await isWhole(bytesOf(target, key), key)))",
    replace: "?.bytes === found.bytes)",
    test: { file: MIGRATE_TEST, name: "[A5] what a broken-off move left in the bucket" },
  },
];
