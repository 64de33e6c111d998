import type { Mutant } from "../Mutant.ts";

const CREDITS = "packages/lifecycle/src/credits.test.ts";
const STORE = "packages/db/src/sqlite/sqliteStore.test.ts";
const DESK = "packages/db/src/sqlite/openDesk.ts";

/** Holds, captures, releases and keys: nothing is paid twice, nothing for nothing. */
export const CREDITS_ROWS: readonly Mutant[] = [
  {
    name: "a hold is taken without looking at the balance",
    rule: "C1",
    file: "packages/lifecycle/src/affordable.ts",
    find: "if (job.quote <= job.available) return null;",
    replace: "if (job.quote >= 0) return null;",
    test: { file: CREDITS, name: "[C1] otherwise nothing is created or started" },
  },
  {
    name: "what others hold counts as free",
    rule: "C1",
    file: "packages/db/src/commands/newJob.ts",
    find: "available: credits(credit.balance - credit.held),",
    replace: "available: credits(credit.balance),",
    test: { file: STORE, name: "[C1] [C3] of fifty creates at once" },
  },
  {
    name: "the release is skipped when a job fails",
    rule: "C2",
    file: "packages/lifecycle/src/jobMachine.ts",
    find: `failed: { type: "final", entry: "releaseHold" },`,
    replace: `failed: { type: "final" },`,
    test: { file: CREDITS, name: "[C3] hold (0, +q)" },
  },
  {
    name: "a capture is released instead",
    rule: "C2",
    file: "packages/lifecycle/src/jobMachine.ts",
    find: `completed: { type: "final", entry: "captureHold" },`,
    replace: `completed: { type: "final", entry: "releaseHold" },`,
    test: { file: CREDITS, name: "[C3] hold (0, +q)" },
  },
  {
    name: "capture twice",
    rule: "C2",
    file: DESK,
    find: "if (ledger !== null) sql.insertEntry.run({ ...ledger, workspaceId, assetId, at });",
    replace: `for (let times = ledger?.kind === "capture" ? 2 : 1; ledger !== null && times > 0; times -= 1)
    sql.insertEntry.run({ ...ledger, workspaceId, assetId, at });`,
    test: { file: STORE, name: "[C2] a hold ends captured" },
  },
  {
    name: "the ledger is written and the balance is not",
    rule: "C3",
    file: DESK,
    find: "sql.countOnWorkspace.run(ledger?.balance ?? 0, ledger?.held ?? 0, workspaceId)",
    replace: "sql.countOnWorkspace.run(0, ledger?.held ?? 0, workspaceId)",
    test: { file: STORE, name: "[C2] a hold ends captured" },
  },
  {
    name: "opening the studio again grants again",
    rule: "C3",
    file: "packages/db/src/sqlite/commands/ensureWorkspace.ts",
    find: "if (session.sql.workspace.get(workspaceId) !== undefined) return;",
    replace: "if (grant === 0) return;",
    test: { file: STORE, name: "[C3] a workspace is made once" },
  },
  {
    name: "the idempotency key is ignored",
    rule: "C4",
    file: "packages/db/src/commands/idempotency.ts",
    find: "return key === null ? null : replayed(",
    replace: `return key === null || key.key !== "" ? null : replayed(`,
    test: { file: STORE, name: "[C4]" },
  },
  {
    name: "an idempotency key is forgotten after an hour",
    rule: "C4",
    file: "packages/db/src/commands/idempotency.ts",
    find: "const KEPT_MS = 24 * 3_600_000;",
    replace: "const KEPT_MS = 3_600_000;",
    test: { file: STORE, name: "[C4] a refusal does not use the key up" },
  },
  {
    name: "the same key with another body is answered like the first",
    rule: "C4",
    file: "packages/db/src/commands/idempotency.ts",
    find: "if (found.bodyHash !== key.bodyHash)",
    replace: `if (found.bodyHash === "")`,
    test: { file: STORE, name: "[C4] the same key gives the same answer" },
  },
  {
    name: "a refused asset leaves the others of its request behind",
    rule: "C1",
    file: "packages/db/src/commands/createAssets.ts",
    find: "else throw new Undo(created);",
    replace: "else return created;",
    test: { file: STORE, name: "[A1] [C1] all the assets of a request" },
  },
  {
    name: "another price than the one shown is charged",
    rule: "C1",
    file: "apps/server/src/commands/createAssets.ts",
    find: "if (expected === undefined || expected === quote.total) return planned;",
    replace: "if (expected === undefined || expected <= quote.total) return planned;",
    test: { file: "apps/server/src/commands/createAssets.test.ts", name: "[C1] that has changed since it was shown" },
  },
  {
    name: "a new version that was granted is refused when it is asked for again",
    rule: "C4",
    file: "apps/server/src/commands/startAgain.ts",
    find: "const granted = await unlessGranted(deps, { caller, idempotency }, badInput);",
    replace: "const granted = await unlessGranted(deps, { caller, idempotency: null }, badInput);",
    test: {
      file: "apps/server/src/commands/startAgain.test.ts",
      name: "[C4] a new version asked for again under its key",
    },
  },
];
