import { WORKSPACE } from "../studio/openProcess.ts";
import { stateOf } from "../outside/ProviderRecord.ts";
import { LISTED } from "../browser/openBrowser.ts";
import type { Store } from "@reelstate/db";
import type { Asset, Status } from "@reelstate/lifecycle";
import type { Chronicle } from "./openChronicle.ts";
import type { Browser } from "../browser/openBrowser.ts";
import type { Press } from "../browser/openPerson.ts";
import type { Ground } from "../studio/openProcess.ts";
import type { World } from "../World.ts";

const PAGE = 60;

/** Where a browser shows something else than the studio answers; empty once everything has arrived. */
export async function differences(store: Store, browsers: readonly Browser[]): Promise<readonly string[]> {
  const found: string[] = [];
  const summary = JSON.stringify(await store.creditSummary({ workspaceId: WORKSPACE }));
  const lists = new Map<Status | null, readonly Asset[]>();
  for (const status of LISTED) {
    const page = await store.listAssets({
      workspaceId: WORKSPACE,
      limit: PAGE,
      ...(status === null ? {} : { status }),
    });
    lists.set(status, page.items);
  }
  for (const browser of browsers) {
    const credits = JSON.stringify(browser.credits());
    if (credits !== summary) found.push(`${browser.name} shows credits ${credits}, and there are ${summary}`);
    for (const { status, items } of browser.lists) {
      const [is, shown] = sameMemory(lists.get(status) ?? [], items() ?? []).map((one) => JSON.stringify(one));
      if (is !== shown) found.push(`${browser.name} shows of ${status ?? "all"} ${shown}, and there is ${is}`);
    }
  }
  return found;
}

/**
 * A page that stays open goes on showing the last job that it knew of: that retention has forgotten one is no news (A9).
 * Everything else of such an asset must be the same.
 */
function sameMemory(there: readonly Asset[], shown: readonly Asset[]): readonly (readonly Partial<Asset>[])[] {
  const forgotten = new Set(
    there.filter(({ lastJob, liveJob }) => lastJob === null && liveJob === null).map(({ id }) => id),
  );
  return [there, shown].map((items) =>
    items.map((item) => {
      if (!forgotten.has(item.id)) return item;
      const { lastJob: _job, rowVersion: _version, updatedAt: _at, ...rest } = item;
      return rest;
    }),
  );
}

/** Files that nothing refers to. */
export function uncollected({ connection, space }: Ground): readonly string[] {
  const referred = new Set(
    (connection.prepare(MEDIA).all() as readonly Media[]).flatMap((media) => [
      media.media_key,
      media.poster_key,
      media.thumb_key,
    ]),
  );
  return [...space.files.keys()].filter((key) => !referred.has(key));
}

/** What must be true of every life once it has come to rest. */
export async function judgeEnd(
  world: World,
  store: Store,
  {
    ground,
    chronicle,
    presses,
  }: { readonly ground: Ground; readonly chronicle: Chronicle; readonly presses: readonly Press[] },
): Promise<void> {
  const { connection, providers, space, operator } = ground;
  for (const { rule, check, subject, explanation } of await store.checkInvariants())
    world.accuse(rule, `${check} of ${subject}: ${explanation}`);

  const jobs = connection.prepare(ENDED_JOBS).all() as readonly EndedJob[];
  for (const { id, status, captures, releases, quote, refs } of jobs) {
    const [expectedCaptures, expectedReleases] = status === "completed" ? [1, 0] : [0, 1];
    if (quote > 0 && (captures !== expectedCaptures || releases !== expectedReleases))
      world.accuse("C2", `job ${id} ended ${status} with ${captures} captures and ${releases} releases`);
    if (status !== "completed") continue;
    const made = providers.flatMap(({ records }) => records).filter(({ ref }) => (refs ?? "").split(" ").includes(ref));
    if (!made.some((record) => stateOf(record, world.scheduler.now()) === "succeeded"))
      world.accuse("J4", `job ${id} completed, and no provider made anything for it (${refs})`);
  }

  const versions = connection.prepare(MEDIA).all() as readonly Media[];
  for (const media of versions)
    for (const key of [media.media_key, media.poster_key, media.thumb_key])
      if (!space.files.has(key)) world.accuse("A5", `version ${media.id} is completed, and ${key} does not exist`);

  if (operator.keep !== null) {
    for (const key of uncollected(ground)) world.accuse("A8", `nobody refers to ${key}, and it is not collected`);
    await chronicle.judge(store);
  }
  for (const { prompt, count, answered } of presses) {
    const assets = chronicle.made(prompt);
    if (assets !== count && (answered || assets !== 0))
      world.accuse("C4", `"${prompt}" was pressed for ${count} and made ${assets}`);
  }
}

interface EndedJob {
  readonly id: string;
  readonly status: string;
  readonly quote: number;
  readonly captures: number;
  readonly releases: number;
  readonly refs: string | null;
}

interface Media {
  readonly id: string;
  readonly media_key: string;
  readonly poster_key: string;
  readonly thumb_key: string;
}

const ENDED_JOBS = `SELECT j.id, j.status, j.quote,
  (SELECT count(*) FROM credit_entry c WHERE c.job_id = j.id AND c.kind = 'capture') AS captures,
  (SELECT count(*) FROM credit_entry c WHERE c.job_id = j.id AND c.kind = 'release') AS releases,
  (SELECT group_concat(s.provider_ref, ' ') FROM submission s WHERE s.job_id = j.id) AS refs
FROM job j WHERE j.status NOT IN ('pending', 'processing')`;
const MEDIA = "SELECT id, media_key, poster_key, thumb_key FROM version WHERE status = 'completed'";
