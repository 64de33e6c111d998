import type { Mutant } from "../Mutant.ts";

const FEED = "apps/server/src/feed/openFeed.ts";
const TAIL = "apps/server/src/feed/openTail.ts";
const VALUES = "apps/server/src/feed/createLatestValues.ts";
const FEED_TEST = "apps/server/src/feed/openFeed.test.ts";
const TAIL_TEST = "apps/server/src/feed/openTail.test.ts";
const VALUES_TEST = "apps/server/src/feed/createLatestValues.test.ts";

/** The stream from the rows to whoever listens. */
export const FEED_ROWS: readonly Mutant[] = [
  {
    name: "the feed follows without catching up first",
    rule: "E2",
    file: FEED,
    find: "let cursor = position.after ?? head.seq;",
    replace: "let cursor = Math.max(position.after ?? 0, head.seq);",
    test: { file: FEED_TEST, name: "[E2] catches up before it follows" },
  },
  {
    name: "the feed reads first and listens then",
    rule: "E2",
    file: TAIL,
    find: "        wake.arm();\n",
    replace: "",
    also: [
      {
        find: "        await wake.wait(Math.min(",
        replace: "        wake.arm();\n        await wake.wait(Math.min(",
      },
    ],
    test: { file: FEED_TEST, name: "arms the wake before it reads" },
  },
  {
    name: "no reset is sent for a position that was pruned",
    rule: "E3",
    file: FEED,
    find: `            yield [frameOf({ kind: "reset", seq: cursor })];\n`,
    replace: "",
    test: { file: FEED_TEST, name: "[E3] says the reset of a position that is gone" },
  },
  {
    name: "each item names itself as the one before it",
    rule: "E2",
    file: FEED,
    find: "const frame = frameOf(toItem(event, cursor, page));",
    replace: "const frame = frameOf(toItem(event, event.seq, page));",
    test: { file: FEED_TEST, name: "[E2] begins with the head, then tells every later event once" },
  },
  {
    name: "the head is said once",
    rule: "E2",
    file: TAIL,
    find: "if (monotonic() - headAt < HEAD_EVERY_MS) return false;",
    replace: "if (monotonic() - headAt < HEAD_EVERY_MS * 1_000) return false;",
    test: { file: FEED_TEST, name: "[E2] says the head again every five seconds" },
  },
  {
    name: "whoever reads slowly is told the head of seconds ago",
    rule: "E2",
    file: FEED,
    find: "[notBehind(beat.head, cursor)]",
    replace: "[beat.head]",
    test: { file: FEED_TEST, name: "[E2] says no head that lies behind what it has told: to one that reads slowly" },
  },
  {
    name: "a head says how far the feed was before its events were read",
    rule: "E2",
    file: TAIL,
    find: "sayHead(mark.feedId, position)",
    replace: "sayHead(mark.feedId, mark.seq)",
    test: { file: FEED_TEST, name: "[E2] says no head that lies behind what it has told: an event" },
  },
  {
    name: "a tail reads its events whether there are new ones or not",
    rule: "E2",
    file: TAIL,
    find: "const news = mark.seq !== position && (await readOn(position));",
    replace: "const news = await readOn(position);",
    test: { file: TAIL_TEST, name: "[E2] what happens in one workspace" },
  },
  {
    name: "every tail looks for itself",
    rule: "E2",
    file: "apps/server/src/feed/shareMarks.ts",
    find: "gathering ??= gather();",
    replace: "gathering = gather();",
    test: { file: TAIL_TEST, name: "[E2] what happens in one workspace" },
  },
  {
    name: "latest values are not told again with the head",
    rule: "E4",
    file: FEED,
    find: "tail.values.since(beaten.length > 0 ? 0 : told)",
    replace: "tail.values.since(told)",
    test: { file: VALUES_TEST, name: "[E4] tells latest values again with each head" },
  },
  {
    name: "progress is told whether it changed or not",
    rule: "E4",
    file: VALUES,
    find: "if (values.get(name)?.frame.text() === frame.text()) return;",
    replace: "if (values.get(name)?.frame.text() === `${frame.text()} `) return;",
    test: { file: VALUES_TEST, name: "[E4] says nothing of work that is no further" },
  },
  {
    name: "whoever lags behind what is remembered is told the rest only",
    rule: "E2",
    file: FEED,
    find: "if (!asked || !tail.reaches(cursor)) {",
    replace: "if (!asked) {",
    test: { file: TAIL_TEST, name: "[E2] keeps nothing for a subscriber that stalls" },
  },
];
