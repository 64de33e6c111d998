import { expect, it } from "vitest";
import { readReplyRef, writeReplyRef } from "./replyRef.ts";
import type { ReplyRef } from "./replyRef.ts";

const REFUSED = {
  state: "refused",
  side: "output",
  reason: "blocked",
  answerId: "req_1",
  words: "No: never.",
} as const;

it.each<ReplyRef>([
  { state: "video", id: "task:1/2" },
  { state: "picture", key: "a.png", answerId: "r-1" },
  { state: "picture", key: "a.png", answerId: "" },
  { state: "picture", key: "a.png", answerId: "r-1", usdMicros: 33_600 },
  { state: "link", url: "https://files.example/p.png?sig=1" },
  REFUSED,
  { ...REFUSED, side: "input", reason: "SAFETY", answerId: "", words: "" },
])("[P1] what is written down of %o is read again as it was", (ref) => {
  expect(readReplyRef(writeReplyRef(ref))).toEqual(ref);
});

it.each<[string, ReplyRef | null]>([
  ["refused:blocked:req_1:No: never.", REFUSED],
  ["refused:input:SAFETY:r-1:", { ...REFUSED, side: "input", reason: "SAFETY", answerId: "r-1", words: "" }],
  ["video_123", null],
  ["", null],
])("[P1] %s, as an earlier version wrote it or nobody did, is read for what it is", (written, ref) => {
  expect(readReplyRef(written)).toEqual(ref);
});

it("a provider's word is no longer than a word in it, and cannot pass for another part of it", () => {
  const written = writeReplyRef({ ...REFUSED, reason: "a:b c".repeat(100), answerId: "x".repeat(10_000) });
  expect(written.length).toBeLessThan(300);
  expect(readReplyRef(written)).toMatchObject({ side: "output", words: "No: never." });
});
