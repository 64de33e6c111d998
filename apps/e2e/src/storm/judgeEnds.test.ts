import { expect, it } from "vitest";
import { judgeEnds } from "./judgeEnds.ts";
import { lived } from "./lived.ts";
import { newWorld } from "./World.ts";
import type { AssetHistory } from "@reelstate/api";
import type { Asset } from "@reelstate/lifecycle";
import type { Evidence } from "./readEvidence.ts";
import type { World } from "./World.ts";

const made = lived("create", "claim", "complete");
const failed = lived("create", "claim", "fail_final");
const cancelled = lived("create", "cancel");

/** The asset as it would be, were it ordered with this script. */
function ordered(asset: Asset, script: object): Asset {
  return { ...asset, currentVersion: { ...asset.currentVersion, params: { script } } };
}

function rulesOf(
  asset: Asset,
  {
    events = ["create"],
    listed = true,
    know = () => {},
  }: { events?: readonly string[]; listed?: boolean; know?: (world: World) => void } = {},
): readonly string[] {
  const world = newWorld({ url: "", dataDir: "" });
  world.started.set(asset.id, 1);
  know(world);
  const transitions = events.map((event) => ({ event, jobId: asset.lastJob?.id ?? null }));
  const history = { transitions, versions: [asset.currentVersion] } as unknown as AssetHistory;
  const evidence = { assets: listed ? [asset] : [], histories: new Map([[asset.id, history]]) };
  return judgeEnds(world, evidence as unknown as Evidence).map(({ rule }) => rule);
}

it("[A1] [C4] what was promised is accused of being lost, there after all, or done twice", () => {
  expect(rulesOf(made)).toEqual([]);
  expect(rulesOf(made, { listed: false })).toEqual(["A1"]);
  expect(rulesOf(made, { know: ({ deleted }) => deleted.add(made.id) })).toEqual(["A1"]);
  expect(rulesOf(made, { listed: false, know: ({ deleted }) => deleted.add(made.id) })).toEqual([]);
  expect(rulesOf(made, { know: ({ started }) => started.delete(made.id) })).toEqual(["C4"]);
  expect(rulesOf(made, { events: ["create", "retry"] })).toEqual(["C4"]);
  expect(rulesOf(made, { events: [] })).toEqual(["C4"]);
});

it("[J6] [A5] [P6] what never ends, is completed without media, or was paid for in vain is accused of it", () => {
  expect(rulesOf(lived("create", "claim"))).toEqual(["J6"]);
  expect(rulesOf(lived("create"))).toEqual(["J6"]);
  expect(rulesOf({ ...made, currentVersion: { ...made.currentVersion, media: null } })).toEqual(["A5"]);
  const paid = failed.lastJob === null ? null : { ...failed.lastJob, recoverable: true };
  expect(rulesOf({ ...failed, lastJob: paid })).toEqual(["P6"]);
});

it("[J5] a job ends for a reason that its story has, or is accused", () => {
  const code = failed.lastJob?.errorCode;
  expect(rulesOf(ordered(failed, { fail: { code, at: "submit" } }))).toEqual([]);
  expect(rulesOf(failed)).toEqual(["J5"]);
  expect(rulesOf(ordered(failed, { fail: { code, at: "submit", times: 1 } }))).toEqual(["J5"]);
  expect(rulesOf(ordered(failed, { fail: { code: "content_policy_output", at: 0.6 } }))).toEqual(["J5"]);
  const lost = failed.lastJob === null ? null : { ...failed.lastJob, errorCode: "worker_lost" as const };
  const losses = (count: number): readonly string[] => ["create", ...Array.from({ length: count }, () => "lose")];
  expect(rulesOf({ ...failed, lastJob: lost }, { events: losses(10) })).toEqual([]);
  expect(rulesOf({ ...failed, lastJob: lost }, { events: losses(9) })).toEqual(["J5"]);
  expect(rulesOf(cancelled, { know: ({ wished }) => wished.add(cancelled.id) })).toEqual([]);
  expect(rulesOf(cancelled)).toEqual(["J5"]);
});
