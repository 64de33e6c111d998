import { expect, it } from "vitest";
import { judgeLedger } from "./judgeLedger.ts";
import { lived } from "./lived.ts";
import type { CreditEntry } from "@reelstate/api";
import type { Asset } from "@reelstate/lifecycle";
import type { Witnessed } from "../harness/simulatorLog.ts";
import type { Evidence } from "./readEvidence.ts";

const made = lived("create", "claim", "complete");
const failed = lived("create", "claim", "fail_final");
const quote = made.lastJob?.quote ?? 0;
const DELTAS = { grant: [100, 0], hold: [0, quote], capture: [-quote, -quote], release: [0, -quote] } as const;

function accused(
  asset: Asset,
  kinds: readonly CreditEntry["kind"][],
  { delivered = true, credits = {} }: { delivered?: boolean; credits?: { balance?: number; held?: number } } = {},
): readonly string[] {
  const entries = ["grant" as const, ...kinds].map((kind) => {
    const [balance, held] = DELTAS[kind];
    return { kind, balance, held, jobId: kind === "grant" ? null : asset.lastJob?.id, assetId: asset.id };
  });
  const sum = (of: "balance" | "held"): number => entries.reduce((total, entry) => total + entry[of], 0);
  const fetched: Witnessed = { op: "fetch", at: 1, client_ref: `${asset.lastJob?.id}-1`, ok: delivered };
  const evidence = {
    assets: [asset],
    histories: new Map(),
    entries,
    credits: { balance: sum("balance"), held: sum("held"), ...credits },
    log: [fetched],
  };
  return judgeLedger(evidence as unknown as Evidence).map(({ rule, subject }) => `${rule} ${subject}`);
}

const ofJob = `C2 ${made.lastJob?.id}`;

it("[C2] a hold that ends never, twice or for nothing is accused, and so is a price that is not what was charged", () => {
  expect(accused(made, ["hold", "capture"])).toEqual([]);
  expect(accused(failed, ["hold", "release"])).toEqual([]);
  expect(accused(made, ["hold"])).toEqual(["C2 workspace", ofJob, ofJob]);
  expect(accused(made, ["hold", "capture", "capture"])).toContain(ofJob);
  expect(accused(failed, ["hold", "release", "release"])).toContain(ofJob);
  expect(accused(made, ["capture"])).toContain(ofJob);
  expect(accused(made, ["hold", "capture"], { delivered: false })).toEqual([ofJob]);
  expect(accused(made, ["hold", "release"])).toEqual([ofJob]);
  expect(accused(failed, ["hold", "capture"])).toEqual([ofJob]);
});

it("[C3] columns that are not the sum of the ledger are accused", () => {
  expect(accused(made, ["hold", "capture"], { credits: { balance: 100 } })).toEqual(["C3 workspace"]);
  expect(accused(made, ["hold", "capture"], { credits: { held: 1 } })).toEqual(["C2 workspace", "C3 workspace"]);
});
