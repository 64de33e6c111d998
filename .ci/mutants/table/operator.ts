import type { Mutant } from "../Mutant.ts";

const EXPLAIN = "apps/server/src/explainStart.ts";
const EXPLAIN_TEST = "apps/server/src/explainStart.test.ts";

/** What whoever runs the studio is told, and what people are told of their files. */
export const OPERATOR_ROWS: readonly Mutant[] = [
  {
    name: "ready is said without writing to the database",
    rule: null,
    file: "apps/server/src/startStudio.ts",
    find: "    await disk.ready();",
    replace: "    await store.now();",
    test: { file: "apps/server/src/startStudio.test.ts", name: "is ready while its database takes writes" },
  },
  {
    name: "not ready, and no word why",
    rule: null,
    file: "apps/server/src/http/serveProbes.ts",
    find: "{ ok: false, ...(isOurName(origins, request) ? { why } : {}) }",
    replace: "{ ok: false }",
    test: { file: "apps/server/src/startStudio.test.ts", name: "is ready while its database takes writes" },
  },
  {
    name: "a port in use is shown as a stack",
    rule: null,
    file: EXPLAIN,
    find: `if (code === "EADDRINUSE")`,
    replace: `if (code === "EADDRINUSE!")`,
    test: { file: EXPLAIN_TEST, name: "another program uses the port" },
  },
  {
    name: "a folder in use is shown as a stack",
    rule: null,
    file: EXPLAIN,
    find: '  "DataDirInUse",\n',
    replace: "",
    test: { file: EXPLAIN_TEST, name: "another studio runs on the folder" },
  },
  {
    name: "a newer database is shown as a stack",
    rule: null,
    file: EXPLAIN,
    find: '  "DatabaseTooNew",\n',
    replace: "",
    test: { file: EXPLAIN_TEST, name: "the database is of a newer studio" },
  },
  {
    name: "lost guards are not made again when the database is opened",
    rule: "J8",
    file: "packages/db/src/sqlite/openSqliteStore.ts",
    find: "const restored = restoreSchema(db);",
    replace: "const restored = [] as ReturnType<typeof restoreSchema>;",
    test: { file: "packages/db/src/sqlite/sqliteLostSchema.test.ts", name: "[J8] guards that are gone" },
  },
  {
    name: "a lost table is shown as a stack",
    rule: "K1",
    file: EXPLAIN,
    find: '  "DatabaseDamaged",\n',
    replace: "",
    test: { file: EXPLAIN_TEST, name: "the database lacks a table" },
  },
  {
    name: "a folder that cannot be written to is shown as a stack",
    rule: null,
    file: EXPLAIN,
    find: "/^(EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_CANTOPEN)/",
    replace: "/^(EPERM|EROFS|SQLITE_READONLY)/",
    test: { file: EXPLAIN_TEST, name: "the studio may not write to its folder" },
  },
  {
    name: "a refused file does not say by code what is wrong with it",
    rule: "U1",
    file: "apps/server/src/commands/refusals.ts",
    find: `field: "file", flaw, message }`,
    replace: `field: "file", message }`,
    test: {
      file: "apps/server/src/http/receiveUploads.test.ts",
      name: "a good picture when the studio's storage is full",
    },
  },
];
