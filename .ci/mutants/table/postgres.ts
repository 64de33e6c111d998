import type { Mutant } from "../Mutant.ts";

const FEED = "packages/db/src/postgres/postgresFeed.test.ts";
const FENCES = "packages/db/src/postgres/postgresFences.test.ts";
const LANES = "packages/db/src/postgres/openLanes.ts";
const PROCESSES = "packages/db/src/postgres/postgresProcesses.test.ts";
const PLANS = "packages/db/src/postgres/postgresPlans.test.ts";
const STOPPED = "packages/db/src/postgres/postgresStopped.test.ts";
const SWEEP = "packages/db/src/postgres/postgresSweep.test.ts";
const TRANSACTIONS = "packages/db/src/postgres/postgresTransactions.test.ts";
const TABLES = "packages/db/src/postgres/postgresTables.test.ts";
const TOGETHER = "packages/db/src/postgres/postgresLanes.test.ts";
const WAKES = "packages/db/src/postgres/wakes/openWakes.test.ts";
const WRITES = "packages/db/src/postgres/desk/writeDraft.ts";
const READS = "packages/db/src/postgres/desk/readRows.ts";
const RUNS = "packages/db/src/postgres/openTransactions.ts";
const WAS = `was: ["status", "attempt", "leaseUntil"]`;

/** Where several processes meet: the locks, the fence in the statements, and what is lost on the way to a server. */
export const POSTGRES_ROWS: readonly Mutant[] = [
  {
    name: "PostgreSQL: drop the attempt from the write of jobs",
    rule: "J9",
    file: WRITES,
    find: WAS,
    replace: `was: ["status", "leaseUntil"]`,
    test: { file: FENCES, name: "[J9] a write that was judged on an earlier attempt" },
  },
  {
    name: "PostgreSQL: drop the status from the write of jobs",
    rule: "J8",
    file: WRITES,
    find: WAS,
    replace: `was: ["attempt", "leaseUntil"]`,
    test: { file: FENCES, name: "[J8] a write that was judged on another status" },
  },
  {
    name: "PostgreSQL: drop the lease from the write of jobs",
    rule: "J6",
    file: WRITES,
    find: WAS,
    replace: `was: ["status", "attempt"]`,
    test: { file: FENCES, name: "[J6] a lease that was renewed" },
  },
  {
    name: "PostgreSQL: drop the row version from the write of assets",
    rule: "A9",
    file: WRITES,
    find: `was: ["rowVersion"]`,
    replace: `was: ["id"]`,
    also: [{ find: "({ rowVersion }) => ({ was_rowVersion: rowVersion })", replace: "({ id }) => ({ was_id: id })" }],
    test: { file: FENCES, name: "[A9] an asset is written only from the row version" },
  },
  {
    name: "PostgreSQL: drop the attempt from the heartbeat",
    rule: "J9",
    file: "packages/db/src/postgres/commands/heartbeat.ts",
    find: "AND t.attempt = mine.attempt",
    replace: "",
    test: { file: FENCES, name: "[J9] a heartbeat of an attempt that is over" },
  },
  {
    name: "PostgreSQL: an input may end while a create looks at it",
    rule: "A7",
    file: READS,
    find: "ORDER BY a.id FOR SHARE",
    replace: "ORDER BY a.id",
    test: { file: TRANSACTIONS, name: "[A7] a create that has seen its input unmade" },
  },
  {
    name: "PostgreSQL: credits are read without their lock",
    rule: "C4",
    file: READS,
    find: "FOR NO KEY UPDATE OF w",
    replace: "",
    test: { file: PROCESSES, name: "[C4] [C3] the same press in every process is one asset" },
  },
  {
    name: "PostgreSQL: a slot given back is free while others are held beyond the limit",
    rule: "P7",
    file: WRITES,
    find: "run(SETTLE_SURPLUS).then(() => false), ",
    replace: "",
    test: { file: TRANSACTIONS, name: "[P7] as long as more is held than there are slots" },
  },
  {
    name: "PostgreSQL: what was committed without an answer is done again",
    rule: "A1",
    file: RUNS,
    find: "if (error instanceof LostAfterCommit && done !== undefined) return done.value;",
    replace: "",
    test: { file: TRANSACTIONS, name: "[A1] a COMMIT that was done and whose answer was lost" },
  },
  {
    name: "PostgreSQL: what nobody knows is done again",
    rule: "A1",
    file: RUNS,
    find: "if (error instanceof StoreUnavailable) throw error;",
    replace: "",
    test: { file: TRANSACTIONS, name: "[A1] a COMMIT of which nobody can be asked" },
  },
  {
    name: "PostgreSQL: a deadlock is whoever's failure it hits",
    rule: "J2",
    file: "packages/db/src/postgres/postgresFailure.ts",
    find: `if (code === "40P01" || code === "40001") return "repeat";`,
    replace: "",
    test: { file: TRANSACTIONS, name: "[J2] a deadlock, of which the database undoes one" },
  },
  {
    name: "PostgreSQL: a server that took over is believed about a number that is another's there",
    rule: "A1",
    file: RUNS,
    find: "if ((await historyOf(client)) !== history) return null;",
    replace: "if ((await historyOf(client)) === history + xid) return null;",
    test: { file: TRANSACTIONS, name: "[A1] a COMMIT whose answer is lost with its server" },
  },
  {
    name: "PostgreSQL: one refused command refuses those beside it",
    rule: "A1",
    file: LANES,
    find: "for (const one of group) await runTogether([one]);",
    replace: "for (const { reject } of group) reject(error);",
    test: { file: TRANSACTIONS, name: "[A1] of commands that are committed together" },
  },
  {
    name: "PostgreSQL: each workspace's commands are committed by themselves",
    rule: "E1",
    file: LANES,
    find: "if (group.length >= TOGETHER_AT_MOST) break;",
    replace: "if (group.length > 0) break;",
    test: { file: TOGETHER, name: "[E1] what a hundred workspaces ask for at one moment" },
  },
  {
    name: "PostgreSQL: of workspaces that are written together those with credits are locked first",
    rule: "E1",
    file: LANES,
    find: "lanes.size > 1 && some ?",
    replace: "lanes.size > 1_000 && some ?",
    test: { file: TOGETHER, name: "[E1] of all workspaces that commands write together" },
  },
  {
    name: "PostgreSQL: progress waits for whoever writes events",
    rule: "J3",
    file: LANES,
    find: "(lane === QUIET) !== (group[0].lane === QUIET)",
    replace: "taken.has(QUIET)",
    test: { file: TOGETHER, name: "[J3] progress waits for nobody's workspace" },
  },
  {
    name: "PostgreSQL: whoever asks at the same moment is answered with another workspace's asset",
    rule: "E2",
    file: "packages/db/src/postgres/reads/readAssets.ts",
    find: "return `${workspaceId} ${id}`;",
    replace: "return workspaceId === undefined ? workspaceId : id;",
    test: { file: TOGETHER, name: "[E2] answers that are read together go each to whose assets they are" },
  },
  {
    name: "PostgreSQL: one job that the machine refuses stops every claim",
    rule: "K2",
    file: "packages/db/src/postgres/commands/openClaims.ts",
    find: "refused.push({ id, error });",
    replace: "throw error;",
    test: {
      file: "packages/db/src/postgres/postgresDoctor.test.ts",
      name: "[K2] [J2] a job that the machine refuses is set aside",
    },
  },
  {
    name: "PostgreSQL: what waits for a job keeps it from ending",
    rule: "K2",
    file: LANES,
    find: "if (needs.ends !== true || !isOfRows(error)) return reject(error);",
    replace: "if (needs.ends !== undefined || error !== undefined) return reject(error);",
    test: {
      file: "packages/db/src/postgres/postgresDoctor.test.ts",
      name: "[K2] [J4] [A7] an input is made although a job that waits for it is one that a guard refuses",
    },
  },
  {
    name: "PostgreSQL: a list's rows and position are of two moments",
    rule: "E3",
    file: "packages/db/src/postgres/openReads.ts",
    find: "return (request) => db.snapshot((connection) => view(session, connection, request));",
    replace: "return (request) => db.read((connection) => view(session, connection, request));",
    test: { file: FEED, name: "[E3] a list and a feed page show rows and position of one moment" },
  },
  {
    name: "PostgreSQL: a copy of the database goes by the same name",
    rule: "E3",
    file: "packages/db/src/postgres/nameFeed.ts",
    find: "(SELECT oid FROM pg_database WHERE datname = current_database())",
    replace: "1",
    test: { file: FEED, name: "[E3] a copy of the database is another feed" },
  },
  {
    name: "PostgreSQL: processes that start at one moment make the tables each",
    rule: "E3",
    file: "packages/db/src/postgres/migrate.ts",
    find: "SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})",
    replace: "SELECT 1",
    test: { file: TABLES, name: "[E3] of ten processes that start at one moment" },
  },
  {
    name: "PostgreSQL: what was said while nobody could hear is not looked for",
    rule: "E2",
    file: "packages/db/src/postgres/wakes/openWakes.ts",
    find: "      tell({ feed: true, work: true });",
    replace: "      void tell;",
    test: { file: WAKES, name: "[E2] a process whose connections are dropped hears and tells again" },
  },
  {
    name: "PostgreSQL: each wake is told to the server by itself",
    rule: "E2",
    file: "packages/db/src/postgres/wakes/openNotifier.ts",
    find: "if (due === null || sending !== null || resting !== null) return;",
    replace: "if (due === null) return;",
    test: { file: WAKES, name: "[E2] the first of many wakes is told at once" },
  },
  {
    name: "PostgreSQL: people lock assets before jobs, workers jobs before assets",
    rule: "J2",
    file: READS,
    find: "const jobs = await jobsOf(connection, needs);",
    replace:
      "if (needs.assets.length > 0) await assetsOf(connection, needs, []);\n  const jobs = await jobsOf(connection, needs);",
    test: { file: STOPPED, name: "[J2] of what is locked in one order by everybody" },
  },
  {
    name: "PostgreSQL: a job is read without its lock",
    rule: "J3",
    file: READS,
    find: "SELECT ${JOB} FROM job j WHERE j.id = ANY(ARRAY(SELECT id FROM named)) ORDER BY j.id FOR NO KEY UPDATE",
    replace: "SELECT ${JOB} FROM job j WHERE j.id = ANY(ARRAY(SELECT id FROM named)) ORDER BY j.id",
    test: { file: STOPPED, name: "[J3] who reports while another writes" },
  },
  {
    name: "PostgreSQL: a claim takes a slot that it saw free, whoever has it by now",
    rule: "P7",
    file: "packages/db/src/postgres/slots/takeSlots.ts",
    find: "FOR UPDATE SKIP LOCKED",
    replace: "",
    also: [{ find: " AND slot.job_id IS NULL`", replace: "`" }],
    test: { file: STOPPED, name: "[P7] of two claims that see one free slot" },
  },
  {
    name: "PostgreSQL: limits are set while a claim counts with the old ones",
    rule: "P7",
    file: "packages/db/src/postgres/commands/openClaims.ts",
    find: 'transaction.run("LOCK TABLE slot IN ROW EXCLUSIVE MODE")',
    replace: "undefined",
    test: { file: STOPPED, name: "[P7] no claim counts with limits" },
  },
  {
    name: "PostgreSQL: those that rightly wait stand before the one that is stuck",
    rule: "A7",
    file: "packages/db/src/postgres/commands/sweep.ts",
    find: "HAVING bool_or(v.status IN ('failed', 'cancelled')) OR bool_and(v.status = 'completed')",
    replace: "HAVING bool_or(v.status NOT IN ('pending', 'processing'))",
    test: { file: SWEEP, name: "[A7] a sweep that looks at one job at a time" },
  },
  {
    name: "PostgreSQL: each sweep asks an index for a moment that is another for every row",
    rule: "J6",
    file: "packages/db/src/postgres/commands/sweep.ts",
    find: "first_claimed_at + job_timeout_ms <= (SELECT ${clock})",
    replace: "first_claimed_at + job_timeout_ms <= ${clock}",
    test: { file: PLANS, name: "[J2] [J6] no question that is asked again" },
  },
  {
    name: "PostgreSQL: a new job is written before the end of the one before it",
    rule: "J11",
    file: "packages/db/src/postgres/desk/openDesk.ts",
    find: "round = Math.max(round, lastRound.get(job.assetId) ?? 0);",
    replace: "",
    test: { file: TRANSACTIONS, name: "[J11] a job that fails, is cancelled and begun anew" },
  },
];
