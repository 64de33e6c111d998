import { describe, expect, it } from "vitest";
import { judgeSubmits } from "./judgeSubmits.ts";
import type { Script } from "../harness/studioClient.ts";
import type { Witnessed } from "../harness/simulatorLog.ts";

const taken = (client_ref: string, at: number, script: Script = {}): Witnessed => ({
  op: "submit",
  at,
  client_ref,
  ok: true,
  script: { queueMs: 100, runMs: 1_000, hang: false, idempotent: false, ...script },
});
const poll = (client_ref: string, at: number): Witnessed => ({ op: "poll", at, client_ref });
const fails: Script = { fail: { code: "provider_unavailable", at: 0.5, retryable: true } };
const rulesOf = (log: readonly Witnessed[], rootOf = (job: string): string => job): readonly string[] =>
  judgeSubmits(log, rootOf).map(({ rule, subject }) => `${rule} ${subject}`);

describe("what the provider heard", () => {
  it("[P1] a second submit is judged by whether the first had ended, and was asked about", () => {
    expect(rulesOf([taken("a-1", 0, fails), poll("a-1", 700), taken("a-2", 900)])).toEqual([]);
    expect(rulesOf([taken("a-1", 0, fails), poll("a-1", 300), taken("a-2", 500)])).toEqual(["P1 a-2"]);
    expect(rulesOf([taken("a-1", 0, fails), taken("a-2", 900)])).toEqual(["P1 a-2"]);
    expect(rulesOf([taken("a-1", 0), poll("a-1", 2_000), taken("a-2", 9_000)])).toEqual(["P1 a-2"]);
    expect(rulesOf([taken("a-1", 0), taken("b-1", 1)])).toEqual([]);
    expect(rulesOf([taken("a-1", 0), taken("b-1", 1)], () => "a")).toEqual(["P1 b-1"]);
  });

  it("[P2] the same reference comes again only to a provider that knows it again", () => {
    expect(rulesOf([taken("a-1", 0), { ...taken("a-1", 50), repeated: true }])).toEqual([]);
    expect(rulesOf([taken("a-1", 0), taken("a-1", 50)])).toEqual(["P2 a-1"]);
    expect(
      rulesOf([taken("a-1", 0, fails), { ...taken("a-1", 50), repeated: true }, poll("a-1", 700), taken("a-2", 800)]),
    ).toEqual([]);
  });
});
