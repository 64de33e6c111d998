import type { Mutant } from "../Mutant.ts";

const SUBMISSION = "apps/server/src/worker/runSubmission.ts";
const FOLLOW = "apps/server/src/worker/followSubmission.ts";
const WORKER = "apps/server/src/worker/openWorker.ts";
const INTENTS_TEST = "apps/server/src/worker/intents.test.ts";
const SUBMISSION_TEST = "apps/server/src/worker/runSubmission.test.ts";
const LEASE_TEST = "apps/server/src/worker/lease.test.ts";
const WORKER_TEST = "apps/server/src/worker/openWorker.test.ts";

/** Attempts, submissions, draining and sweeping, on the real store with the simulator for a provider. */
export const WORKER_ROWS: readonly Mutant[] = [
  {
    name: "submit before the intent is committed",
    rule: "P1",
    file: SUBMISSION,
    find: "  const outcome = await deps.store.intendSubmission({",
    replace:
      "  await provider.submit(request, AbortSignal.timeout(SUBMIT_PATIENCE_MS));\n  const outcome = await deps.store.intendSubmission({",
    test: { file: SUBMISSION_TEST, name: "[P1] is committed as intended before the provider is called" },
  },
  {
    name: "a call is made however long ago it was intended",
    rule: "P1",
    file: SUBMISSION,
    find: "if (since() > CALL_WITHIN_MS) {",
    replace: "if (since() > Number.MAX_VALUE) {",
    test: { file: INTENTS_TEST, name: "[P1] [J9] is not called when another attempt" },
  },
  {
    name: "a repeat that was slept on is given up as if nothing had arrived",
    rule: "P2",
    file: SUBMISSION,
    find: "ends: intended.repeated !== true };",
    replace: "ends: true };",
    test: { file: INTENTS_TEST, name: "[P2] of a repeat is not called either" },
  },
  {
    name: "the id of an accepted request is written down once or not at all",
    rule: "P1",
    file: "apps/server/src/worker/recordOpened.ts",
    find: "tries === MOST_TRIES",
    replace: "tries < MOST_TRIES",
    test: { file: INTENTS_TEST, name: "[P1] is written down with patience" },
  },
  {
    name: "what a lookup found is not taken up",
    rule: "P2",
    file: SUBMISSION,
    find: "return opened(request, found.providerRef);",
    replace: "return submit(deps, attempt, { id, request });",
    test: { file: SUBMISSION_TEST, name: "[P2] whose answer was lost is found by our reference" },
  },
  {
    name: "a submit that is not idempotent is repeated",
    rule: "P2",
    file: SUBMISSION,
    find: "const repeatable = isIdempotent(provider, request);",
    replace: 'const repeatable = isIdempotent(provider, request) || provider.name !== "";',
    test: { file: SUBMISSION_TEST, name: "[P2] whose answer was lost is not repeated where it could be bought twice" },
  },
  {
    name: "a provider that knows nothing yet is believed at once",
    rule: "P2",
    file: SUBMISSION,
    find: `if (first.state !== "absent") return first;`,
    replace: `if (first.state !== "unanswered") return first;`,
    test: { file: SUBMISSION_TEST, name: "[P2] that never arrived, as a second look confirms" },
  },
  {
    name: "an open submission is not re-attached to",
    rule: "P1",
    file: SUBMISSION,
    find: "if (alive === null) return intendAndSubmit(deps, attempt);",
    replace: "if (alive === null || alive.providerRef !== null) return intendAndSubmit(deps, attempt);",
    test: { file: SUBMISSION_TEST, name: "[P1] [P7] outlives a studio that was killed" },
  },
  {
    name: "a poll that was not answered fails the job",
    rule: "P3",
    file: FOLLOW,
    find: `"a poll was not answered");
      return null;`,
    replace: `"a poll was not answered");
      return { state: "failed", error: provider.classifyError(cause) };`,
    test: { file: SUBMISSION_TEST, name: "[P3] goes on after polls that were not answered" },
  },
  {
    name: "an unknown status becomes a failure",
    rule: "P5",
    file: FOLLOW,
    find: `if (status?.state === "unknown" && status.raw !== strange) {`,
    replace: `if (status?.state === "unknown") return { state: "failed", error: provider.classifyError(status.raw) };
    if (status?.state === "unknown" && status.raw !== strange) {`,
    test: { file: SUBMISSION_TEST, name: "[P5] waits on a status that it does not know" },
  },
  {
    name: "a fraction is taken for more than it is",
    rule: "J3",
    file: "apps/server/src/worker/openProgress.ts",
    find: "fraction = Math.min(1, Math.max(0, next));",
    replace: "fraction = next;",
    test: { file: LEASE_TEST, name: "[J3] ignore what a provider says backwards" },
  },
  {
    name: "progress is written as often as it is told",
    rule: "J3",
    file: "apps/server/src/worker/openProgress.ts",
    find: "const EVERY_MS = 250;",
    replace: "const EVERY_MS = 0;",
    test: { file: LEASE_TEST, name: "[J3] only go forward, and come at most four times" },
  },
  {
    name: "a provider that gave up without being asked counts as a granted cancel",
    rule: "J7",
    file: "apps/server/src/worker/runAttempt.ts",
    find: `return attempt.wish.aborted ? settle({ ends: "cancelled" }) : fail(CANCELLED_ELSEWHERE, { ends: "cancelled" });`,
    replace: `return settle({ ends: "cancelled" });`,
    test: { file: "apps/server/src/worker/runAttempt.test.ts", name: "[J5] a provider that stops without being asked" },
  },
  {
    name: "a truncated download is kept",
    rule: "J4",
    file: "apps/server/src/worker/storeOutput.ts",
    find: "output.claimedBytes !== null && file.bytes !== output.claimedBytes",
    replace: "output.claimedBytes !== null && file.bytes > output.claimedBytes",
    test: { file: SUBMISSION_TEST, name: "[J4] a file shorter than the provider announced" },
  },
  {
    name: "the wait before the next try is not drawn",
    rule: "J5",
    file: "apps/server/src/worker/runAttempt.ts",
    find: "backoff({ tries, random: deps.random(), retryAfterMs",
    replace: "backoff({ tries, random: 0, retryAfterMs",
    test: { file: WORKER_TEST, name: "[J5] waits as long as its draw says" },
  },
  {
    name: "a worker goes on claiming while it drains",
    rule: "J6",
    file: WORKER,
    find: "if (draining || running.size >= options.concurrency) return;",
    replace: "if (running.size >= options.concurrency) return;",
    test: { file: "apps/server/src/worker/drain.test.ts", name: "[J6] stops claiming at once" },
  },
  {
    name: "after a pause of the process the sweeper does not wait for the worker",
    rule: "J6",
    file: "apps/server/src/worker/openSweeper.ts",
    find: "    if (paused) return;\n",
    replace: "    if (paused) lastRound = deps.clock();\n",
    test: { file: LEASE_TEST, name: "[J6] after a pause of the whole process" },
  },
  {
    name: "collection takes a file that was just kept again",
    rule: "A8",
    file: "apps/server/src/storage/openFolderStorage.ts",
    find: "if (found === null || found.modifiedAt > since) return false;",
    replace: "if (found === null) return false;",
    test: { file: "apps/server/src/worker/openJanitor.test.ts", name: "[A8] leaves a file" },
  },
  {
    name: "collection takes a file that is referred to",
    rule: "A8",
    file: "apps/server/src/worker/collectFiles.ts",
    find: "if (!referenced.has(key) && (",
    replace: "if ((",
    test: { file: "apps/server/src/worker/openJanitor.test.ts", name: "[A8] takes away files that nothing refers to" },
  },
];
