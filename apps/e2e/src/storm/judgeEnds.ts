import type { AssetHistory } from "@reelstate/api";
import type { Asset } from "@reelstate/lifecycle";
import type { Finding } from "./Finding.ts";
import type { Evidence } from "./readEvidence.ts";
import type { World } from "./World.ts";

const STARTS: ReadonlySet<string> = new Set(["create", "retry", "regenerate", "recover"]);

type Judged = Omit<Finding, "subject">;

/** A1, C4, J6: what was promised is there, once, and has ended as its story allows. */
export function judgeEnds(world: World, { assets, histories }: Evidence): readonly Finding[] {
  const listed = new Set(assets.map(({ id }) => id));
  const gone = [...world.started.keys()]
    .filter((id) => listed.has(id) === world.deleted.has(id))
    .map((id) => ({
      rule: "A1",
      subject: id,
      explanation: listed.has(id) ? "Was deleted, and is there." : "Is lost.",
    }));
  const there = assets.flatMap((asset) => {
    const history = histories.get(asset.id) ?? { transitions: [], versions: [] };
    const found = [...judgeCount(world, asset, history), ...judgeEnd(world, asset, history)];
    return found.map((judged) => ({ ...judged, subject: asset.id }));
  });
  return [...gone, ...there];
}

function judgeCount(world: World, { id }: Asset, { transitions }: AssetHistory): readonly Judged[] {
  const wanted = world.started.get(id);
  if (wanted === undefined) return [{ rule: "C4", explanation: "Nobody was told of it: a create was done twice." }];
  const jobs = transitions.filter(({ event }) => STARTS.has(event)).length;
  if (jobs === wanted) return [];
  return [{ rule: "C4", explanation: `${wanted} jobs were started on it, and ${jobs} are there.` }];
}

function judgeEnd(world: World, asset: Asset, { transitions, versions }: AssetHistory): readonly Judged[] {
  const { liveJob, lastJob, status } = asset;
  if (liveJob !== null || lastJob === null)
    return [{ rule: "J6", explanation: `Is ${liveJob?.phase ?? status} for ever.` }];
  if (status === "completed" && asset.currentVersion.media === null)
    return [{ rule: "A5", explanation: "Is completed without media." }];
  if (lastJob.recoverable) return [{ rule: "P6", explanation: "What was paid for was not recovered." }];
  const version = versions.find(({ id }) => id === lastJob.versionId) ?? asset.currentVersion;
  const count = (wanted: string): number =>
    transitions.filter(({ event, jobId }) => event === wanted && jobId === lastJob.id).length;
  const story = { failures: count("fail"), losses: count("lose"), wished: world.wished.has(asset.id) };
  if (lastJob.status === "completed") return [];
  if (lastJob.status === "cancelled" && story.wished) return [];
  if (lastJob.status === "failed" && world.trade.mayFail(version, story).has(lastJob.errorCode ?? "")) return [];
  const facts = JSON.stringify({ ...story, prompt: version.prompt, params: version.params });
  return [{ rule: "J5", explanation: `Ended ${lastJob.status} as ${lastJob.errorCode ?? "nothing"}: ${facts}` }];
}
