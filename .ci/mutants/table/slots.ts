import type { Mutant } from "../Mutant.ts";

const STORE = "packages/db/src/sqlite/sqliteStore.test.ts";
const ORDERS = "packages/db/src/sqlite/sqliteInterleavings.test.ts";
const SLOTS = "packages/db/src/sqlite/slots/openSlots.ts";
const ORDER = "packages/db/src/rows/claimOrder.ts";

/** A provider's slots are exact, and belong to submissions. */
export const SLOT_ROWS: readonly Mutant[] = [
  {
    name: "a job without room keeps those behind it waiting",
    rule: "P7",
    file: ORDER,
    find: "if (!room.in(pools)) continue;",
    replace: "if (!room.in(pools)) return null;",
    test: { file: STORE, name: "[P7] a model that is full keeps no other model waiting" },
  },
  {
    name: "a claim looks through every job there is for those that hold slots",
    rule: "J2",
    file: "packages/db/src/sqlite/lineStatements.ts",
    find: "FROM slot s CROSS JOIN job j",
    replace: "FROM slot s JOIN job j",
    test: { file: "packages/db/src/sqlite/sqlitePlans.test.ts", name: "[J2] [J6] no question that is asked again" },
  },
  {
    name: "a slot belongs to the attempt",
    rule: "P7",
    file: SLOTS,
    find: 'if (job.submission === "intended" || job.submission === "open" || poolsOf(job).length === 0) return false;',
    replace: "if (poolsOf(job).length === 0) return false;",
    test: { file: STORE, name: "[P7] an open submission keeps its slot" },
  },
  {
    name: "an attempt that ended keeps its slot",
    rule: "P7",
    file: "packages/db/src/commands/writeDecision.ts",
    find: "desk.releaseSlots({ ...before, submission: job.submission });",
    replace: "void job.submission;",
    test: { file: STORE, name: "[P7] an attempt that ends with nothing alive gives its slot back" },
  },
  {
    name: "who comes back to a submission waits for a new slot",
    rule: "P7",
    file: "packages/db/src/sqlite/commands/claimJobs.ts",
    find: "lacking: session.slots.lacking",
    replace: "lacking: session.slots.poolsOf",
    test: { file: STORE, name: "[P7] an open submission keeps its slot" },
  },
  {
    name: "a recovery leaves the slot behind",
    rule: "P7",
    file: "packages/db/src/commands/startJob.ts",
    find: "desk.inheritSlots(heirs);",
    replace: "void desk.inheritSlots;",
    test: { file: STORE, name: "[P7] [P6] a job that failed with its submission open leaves the slot taken" },
  },
  {
    name: "a slot that nobody follows is held for ever",
    rule: "P7",
    file: "packages/db/src/sqlite/commands/sweep.ts",
    find: `if (session.slots.letGo(at)) desk.tell("work");`,
    replace: "void session.slots;",
    test: { file: STORE, name: "[P7] what nobody follows any more lets go" },
  },
  {
    name: "limits that were undone stay in memory",
    rule: "P7",
    file: SLOTS,
    find: "      sizes = committed;",
    replace: "      void committed;",
    test: {
      file: "packages/db/src/sqlite/sqliteUndone.test.ts",
      name: "[P7] limits set together with a command that throws",
    },
  },
  {
    name: "a start is promised without a history",
    rule: "U3",
    file: "packages/db/src/rows/usualRun.ts",
    find: "return times.length < FEWEST_RUNS ? null :",
    replace: "return times.length > 1_000 ? null :",
    test: { file: STORE, name: "[U3] when a job is likely to start" },
  },
  {
    name: "what the provider has made holds its slot after the job has failed",
    rule: "P7",
    file: "packages/db/src/commands/attemptCommands.ts",
    find: "if (outcome.ok && request.made === true &&",
    replace: "if (outcome.ok && request.made === false &&",
    test: { file: STORE, name: "[P7] what the provider has made holds no slot" },
  },
  {
    name: "a limit lets one more begin than it says",
    rule: "P7",
    file: SLOTS,
    find: "number <= size; number += 1)",
    replace: "number <= size + 1; number += 1)",
    also: [{ find: "(sizes.get(pool) ?? 0) - (held", replace: "1 + (sizes.get(pool) ?? 0) - (held" }],
    test: { file: ORDERS, name: "[P7] [J9] [C3] [E1] [P1] from slot_mine" },
  },
  {
    name: "what is under way when a limit begins holds no slot of it",
    rule: "P7",
    file: SLOTS,
    find: "if (!sizes.has(poolOf(limit))) adoptHolders(db, limit);",
    replace: "if (sizes.has(poolOf(limit)) && sizes.size > 9) adoptHolders(db, limit);",
    test: { file: ORDERS, name: "[P7] [J9] [C3] [E1] [P1] from slot_mine" },
  },
  {
    name: "a recovery leaves the slot to nobody",
    rule: "P7",
    file: "packages/db/src/sqlite/commands/startJob.ts",
    find: "session.slots.inherit(heirs);",
    replace: "session.slots.free(heirs.from);",
    test: { file: ORDERS, name: "[P7] [J9] [C3] [E1] [P1] from slot_kept" },
  },
  {
    name: "whoever competes waits though a slot has become free",
    rule: "P7",
    file: "packages/db/src/sqlite/writeDecision.ts",
    find: "session.changed.work = session.slots.release({ ...before, submission: job.submission }) || session.changed.work;",
    replace: 'if (job.status !== "completed") session.slots.release({ ...before, submission: job.submission });',
    test: { file: ORDERS, name: "[P7] [J9] [C3] [E1] [P1] from slot_theirs" },
  },
  {
    name: "what nobody follows keeps others waiting",
    rule: "P7",
    file: "packages/db/src/sqlite/commands/sweep.ts",
    find: "if (session.slots.letGo(at)) session.changed.work = true;",
    replace: "session.changed.work = true;",
    test: { file: ORDERS, name: "[P7] [J9] [C3] [E1] [P1] from slot_kept" },
  },
];
