import { judge } from "../judge.ts";
import type { FeedEvent } from "../../../store/feed.ts";
import type { Look } from "../look.ts";
import type { Scene } from "../openScene.ts";
import type { Told } from "../Told.ts";

/** What a commit showed to whoever looks on. */
export interface Commit {
  readonly before: Look;
  readonly after: Look;
  readonly news: readonly FeedEvent[];
}

/**
 * A step that others came in between of is to them what it is alone: the moment of its commit. Only a sweep has several. Slots that
 * others are just taking are passed over, so that one which was free when a claim began proves nothing.
 */
export function judgeStep(
  { sought: _sought, ...told }: Told,
  commits: readonly Commit[],
  now: Look,
): readonly string[] {
  if (told.threw !== undefined) return [told.threw];
  const seen = commits.filter(shows);
  if (seen.length > 1 && told.kind !== "sweep") return [`A2 a ${told.kind} was committed in ${seen.length} pieces`];
  const [first = commits.at(-1) ?? { before: now, after: now, news: [] }, ...others] = seen;
  if (others.length === 0) return judge({ ...first, told });
  let transitions = told.transitions ?? [];
  return seen.flatMap((commit, at) => {
    const mine = at === seen.length - 1 ? transitions : transitions.slice(0, ofAssets(commit));
    transitions = transitions.slice(mine.length);
    return judge({ ...commit, told: { ...told, transitions: mine } });
  });
}

function ofAssets({ news, before, after }: Commit): number {
  const id = before.jobs[0]?.assetId ?? after.jobs[0]?.assetId;
  return news.filter((event) => (event.kind === "removed" ? event.assetId : event.asset.id) === id).length;
}

function shows({ before, after }: Commit): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

/** What must hold after every commit, whoever is in the middle of what. That a lease has ended somebody may be about to find. */
export async function brokenBetween({ store, workspaceId, broken }: Scene): Promise<readonly string[]> {
  const findings = await store.checkInvariants({ workspaceId });
  const due = findings.filter(({ rule }) => rule !== "J6");
  return [...broken, ...due.map(({ rule, explanation }) => `${rule} ${explanation}`)];
}
