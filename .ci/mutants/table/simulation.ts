import type { Mutant } from "../Mutant.ts";

const WITNESS = "apps/simulation/src/judge/openWitness.ts";
const END = "apps/simulation/src/judge/judgeEnd.ts";
const TRUTH = "apps/simulation/src/judge/openTruth.ts";
const LIFE = "apps/simulation/src/playLife.ts";
const SLOTS = "apps/simulation/src/judge/openSlotJudge.ts";
const SPACE = "apps/simulation/src/outside/openShelfSpace.ts";
const CHRONICLE = "apps/simulation/src/judge/openChronicle.ts";
const JUDGES_TEST = "apps/simulation/src/judge/judges.test.ts";

function blind(name: string, rule: string, row: Pick<Mutant, "file" | "find" | "replace">, test: string): Mutant {
  return { name, rule, ...row, test: { file: JUDGES_TEST, name: `[${rule}] ${test}` } };
}

/** The judges of simulated lives: each is blinded in turn, and a life that is broken on purpose shows that it is. */
export const SIMULATION_ROWS: readonly Mutant[] = [
  blind(
    "the witness lets a request pass that was not intended",
    "P1",
    { file: WITNESS, find: "if (intent.get(clientRef) === undefined)", replace: "if (intent.get(clientRef) === null)" },
    "a request that is paid for without its intent",
  ),
  blind(
    "the witness forgets what was made for the same attempt",
    "P1",
    {
      file: WITNESS,
      find: "jobOf(record.clientRef) === job &&",
      replace: "jobOf(record.clientRef) === job && record.clientRef !== clientRef &&",
    },
    "a request that is made twice",
  ),
  blind(
    "the witness forgets what was made for earlier attempts",
    "P1",
    { file: WITNESS, find: "jobOf(record.clientRef) === job &&", replace: "record.clientRef === clientRef &&" },
    "an attempt that submits its own while an earlier one's is alive",
  ),
  blind(
    "nobody looks for leases that ended long ago",
    "J6",
    { file: LIFE, find: "if (scheduler.now() > calmAt + 5 * LEASE_MS)", replace: "if (scheduler.now() < calmAt)" },
    "a job that nobody takes up after its lease",
  ),
  blind(
    "nobody minds jobs that never end",
    "J6",
    { file: LIFE, find: "if (!rested) world", replace: "if (!rested && world.trouble) world" },
    "a job that never ends",
  ),
  blind(
    "what nobody made may be completed",
    "J4",
    { file: END, find: 'world.scheduler.now()) === "succeeded"))', replace: 'world.scheduler.now()) !== "lost"))' },
    "a job that is completed though its provider made nothing",
  ),
  blind(
    "a completed version may lack its files",
    "A5",
    { file: END, find: "if (!space.files.has(key)) world", replace: "if (space.full) world" },
    "a version whose file is not there",
  ),
  blind(
    "more may hold slots than there are",
    "P7",
    { file: SLOTS, find: "if (count > most) world", replace: "if (count > most + size) world" },
    "more at once than may be",
  ),
  blind(
    "nobody minds work without a slot",
    "P7",
    { file: SLOTS, find: "if (sizes.has(pool) && !all", replace: "if (sizes.has(pool) && held.size === 0 && !all" },
    "work without a slot",
  ),
  blind(
    "what has ended may hold a slot",
    "P7",
    {
      file: SLOTS,
      find: 'if (status !== "processing" && alive === 0)',
      replace: 'if (status === "pending" && alive === 0)',
    },
    "a slot that is held by what has ended",
  ),
  blind(
    "a slot may be kept for ever",
    "P7",
    { file: SLOTS, find: "calmAt !== null && now >", replace: "calmAt !== null && now < 0 && now >" },
    "a slot that is kept for what nobody follows",
  ),
  blind(
    "a file may be collected though a version refers to it",
    "A8",
    { file: SPACE, find: "if (version !== undefined) world", replace: "if (version === null) world" },
    "a file that is collected though a version refers to it",
  ),
  blind(
    "what nothing refers to may stay",
    "A8",
    {
      file: END,
      find: "for (const key of uncollected(ground))",
      replace: "for (const key of uncollected(ground).slice(99))",
    },
    "a file that nothing refers to and that is never collected",
  ),
  blind(
    "an asset may go before its time",
    "A8",
    { file: CHRONICLE, find: "deletedAt + binMs > now)", replace: "deletedAt > now)" },
    "an asset that goes before its time in the bin is over",
  ),
  blind(
    "nobody minds events that were never heard",
    "E1",
    { file: CHRONICLE, find: "if (line.seq !== position + 1) world", replace: "if (line.seq <= position) world" },
    "events that are pruned too early",
  ),
  blind(
    "a history may be lost",
    "E1",
    {
      file: CHRONICLE,
      find: "if (JSON.stringify(kept) !==",
      replace: "if (kept === null && JSON.stringify(kept) !==",
    },
    "a history that is lost with the events that are pruned",
  ),
  blind(
    "a status may be what no event tells of",
    "E1",
    { file: CHRONICLE, find: "if (status !== last?.to) world", replace: "if (last === undefined) world" },
    "a status that no event tells of",
  ),
  blind(
    "an asset may fail for another reason than was told",
    "A4",
    {
      file: CHRONICLE,
      find: 'status === "failed" && errorCode !== code)',
      replace: 'status === "failed" && errorCode === null)',
    },
    "another reason than the one that was told",
  ),
  blind(
    "a hold may end as often as it likes",
    "C2",
    { file: END, find: "(captures !== expectedCaptures ||", replace: "(captures < expectedCaptures ||" },
    "a hold that ends twice",
  ),
  blind(
    "nobody asks the store's own invariants",
    "C3",
    {
      file: END,
      find: "of await store.checkInvariants())",
      replace: "of (await store.checkInvariants()).slice(0, 0))",
    },
    "a ledger that does not add up",
  ),
  blind(
    "the presses are copied before there are any",
    "C4",
    { file: LIFE, find: "presses: people.flat() });", replace: "presses: people.flat().slice(0, 0) });" },
    "a press that is carried out twice",
  ),
  blind(
    "nobody compares the cards with the studio at the end",
    "E5",
    { file: END, find: "if (is !== shown) found", replace: "if (is === undefined) found" },
    "a card that is not true at the end",
  ),
  blind(
    "nobody compares the credits with the studio at the end",
    "E5",
    { file: END, find: "if (credits !== summary) found", replace: "if (credits === undefined) found" },
    "credits that are not true at the end",
  ),
  blind(
    "one row version may have two states",
    "A9",
    { file: TRUTH, find: "else if (before !== view) world", replace: 'else if (before === "") world' },
    "an answer that changes without a new row version",
  ),
  blind(
    "a card may show what never was",
    "U6",
    { file: TRUTH, find: "if (said !== view) world", replace: "if (said === undefined) world" },
    "a card that shows what never was",
  ),
  blind(
    "a card may show a phase that never was",
    "E4",
    {
      file: TRUTH,
      find: "if (job !== null && !phases.has(",
      replace: "if (job !== null && phases.size === 0 && !phases.has(",
    },
    "a phase that was never said of the attempt",
  ),
  blind(
    "a card may go back",
    "E5",
    { file: TRUTH, find: "if (asset.rowVersion < before)", replace: "if (asset.rowVersion < 0)" },
    "a card that goes back",
  ),
];
