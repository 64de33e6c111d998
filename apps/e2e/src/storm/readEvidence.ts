import { simulatorLog } from "../harness/simulatorLog.ts";
import { studioClient } from "../harness/studioClient.ts";
import type { Asset, AssetId } from "@reelstate/lifecycle";
import type { AssetHistory, CreditEntry } from "@reelstate/api";
import type { Witnessed } from "../harness/simulatorLog.ts";
import type { StudioClient } from "../harness/studioClient.ts";
import type { Finding } from "./Finding.ts";
import type { World } from "./World.ts";

/** Everything that can be asked of a studio after a storm, from outside. */
export interface Evidence {
  readonly assets: readonly Asset[];
  readonly histories: ReadonlyMap<AssetId, AssetHistory>;
  readonly entries: readonly CreditEntry[];
  readonly credits: { readonly balance: number; readonly held: number };
  readonly log: readonly Witnessed[];
  /** What the studio's own doctor finds. */
  readonly doctor: readonly Finding[];
}

export async function readEvidence({ studio }: World, doctor: readonly Finding[]): Promise<Evidence> {
  const client = studioClient(studio.url);
  const assets = await allAssets(client);
  const histories = new Map<AssetId, AssetHistory>();
  for (const { id } of assets) histories.set(id, await client.assets.history.query({ id }));
  return {
    assets,
    histories,
    entries: await allEntries(client),
    credits: await client.credits.summary.query(),
    log: simulatorLog(studio),
    doctor,
  };
}

export async function allAssets(client: StudioClient): Promise<readonly Asset[]> {
  const assets: Asset[] = [];
  let cursor: string | null = null;
  do {
    const page: { readonly items: readonly Asset[]; readonly nextCursor: string | null } =
      await client.assets.list.query({ limit: 100, ...(cursor === null ? {} : { cursor }) });
    assets.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return assets;
}

async function allEntries(client: StudioClient): Promise<readonly CreditEntry[]> {
  const entries: CreditEntry[] = [];
  for (;;) {
    const before = entries.at(-1)?.id;
    const page = await client.credits.entries.query({ limit: 100, ...(before === undefined ? {} : { before }) });
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}

/** The job whose request a job goes on with: its own, or that of the job it recovers (P6). */
export function rootsOf({ histories }: Pick<Evidence, "histories">): (job: string) => string {
  const before = new Map<string, string>();
  for (const { transitions } of histories.values()) {
    let last: string | null = null;
    for (const { event, jobId } of transitions) {
      if (jobId === null) continue;
      if (event === "recover" && last !== null) before.set(jobId, last);
      last = jobId;
    }
  }
  return (job) => {
    let root: string = job;
    for (let older = before.get(root); older !== undefined; older = before.get(root)) root = older;
    return root;
  };
}
