import { join } from "node:path";
import { openProviders } from "@reelstate/cluster/providers";
import { inspectSqlite } from "@reelstate/db";
import { startStudio } from "../harness/startStudio.ts";
import { ended, studioClient, untilAsset } from "../harness/studioClient.ts";
import { bugsIn } from "../storm/bugsIn.ts";
import { judgeLedger } from "../storm/judgeLedger.ts";
import { judgeMedia } from "../storm/judgeMedia.ts";
import { readEvidence } from "../storm/readEvidence.ts";
import { newWorld } from "../storm/World.ts";
import { deliveries } from "./deliveries.ts";
import { watchSubmits } from "./watchSubmits.ts";
import type { ServedName, ServedProvider } from "@reelstate/cluster/providers";
import type { Asset } from "@reelstate/lifecycle";
import type { Finding } from "../storm/Finding.ts";
import type { Studio } from "../harness/startStudio.ts";
import type { StudioClient } from "../harness/studioClient.ts";

export type ByProvider<T> = Readonly<Record<ServedName, T>>;
type Step = keyof ServedProvider["steps"];
type Where = Parameters<ServedProvider["server"]["holdAt"]>[1];

/** How a job ended, by the studio's word, and what its provider heard of it. */
export interface End {
  readonly status: string;
  readonly errorCode: string | null;
  readonly recoverable: boolean;
  readonly cancelRequested: boolean;
  /** How often it was asked to make it, and how often it has taken that on. */
  readonly submits: number;
  readonly taken: number;
}

/** A studio at three providers, with one picture ordered at each; they live on while it is killed, and are the witness. */
export interface Story extends AsyncDisposable {
  readonly studio: Studio;
  readonly client: StudioClient;
  readonly providers: readonly ServedProvider[];
  readonly each: <T>(of: (provider: ServedProvider) => T) => ByProvider<T>;
  readonly stay: (where: Parameters<ServedProvider["stay"]>[0]) => Promise<void>;
  /** The next request of that step waits there, at each that is meant and has such a step. */
  readonly hold: (
    step: Step,
    where: Where,
    isMeant?: (provider: ServedProvider) => boolean,
  ) => { readonly reached: Promise<unknown>; readonly release: () => void };
  readonly order: () => Promise<void>;
  /** Until each asset is so. */
  readonly until: (wanted: (asset: Asset) => boolean) => Promise<void>;
  /** With each asset, and what it is at. */
  readonly withEach: (act: (asset: Asset, provider: ServedProvider) => Promise<unknown>) => Promise<void>;
  /** kill -9, `meanwhile`, and a new start. */
  readonly killed: (meanwhile?: () => unknown) => Promise<void>;
  /** How each ended, once it has. */
  readonly ends: () => Promise<ByProvider<End>>;
  /** A person has decided that these may be made twice. */
  readonly decided: () => void;
  /** What does not hold of the ledger, the files, the rows, and what providers heard. */
  readonly findings: () => Promise<readonly Finding[]>;
}

/** For what hangs on a busy machine, where several of these run side by side. */
const PATIENCE_MS = 120_000;

const promptAt = (name: ServedName): string => `A lighthouse in fog, by ${name}`;

export async function openStory(): Promise<Story> {
  const parts = new AsyncDisposableStack();
  const providers = await openProviders();
  for (const { server } of providers) parts.use(server);
  const watch = watchSubmits(providers);
  const studio = parts.use(await startStudio(Object.assign({}, ...providers.map(({ env }) => env))));
  const client = studioClient(studio.url);
  const world = newWorld(studio);
  const assets = new Map<ServedName, Asset["id"]>();

  const each = <T>(of: (provider: ServedProvider) => T): ByProvider<T> =>
    Object.fromEntries(providers.map((provider) => [provider.name, of(provider)])) as ByProvider<T>;

  const assetAt = (name: ServedName, wanted: (asset: Asset) => boolean): Promise<Asset> => {
    const id = assets.get(name);
    if (id === undefined) throw new Error(`Nothing was ordered at ${name}.`);
    return untilAsset(client, id, wanted, PATIENCE_MS);
  };

  async function order(): Promise<void> {
    for (const { name, model } of providers) {
      const { assets: made } = await client.assets.create.mutate({
        type: "image",
        prompt: promptAt(name),
        model,
        params: { aspectRatio: "16:9" },
      });
      const [asset] = made;
      if (asset === undefined) throw new Error("One asset was ordered, none came.");
      assets.set(name, asset.id);
    }
  }

  async function endAt({ name, requests }: ServedProvider): Promise<readonly [ServedName, End]> {
    const { status, errorCode, lastJob } = await assetAt(name, ended);
    const { recoverable = false, cancelRequested = false } = lastJob ?? {};
    const submits = watch.heard(name, promptAt(name));
    return [name, { status, errorCode, recoverable, cancelRequested, submits, taken: requests().length }];
  }

  return {
    studio,
    client,
    providers,
    each,
    stay: async (where) => void (await Promise.all(providers.map(({ stay }) => stay(where)))),
    hold: (step, where, isMeant = () => true) => {
      const holds = providers.filter(isMeant).flatMap(({ server, steps }) => {
        const called = steps[step];
        return called === undefined ? [] : [server.holdAt(called, where)];
      });
      return {
        reached: Promise.all(holds.map(({ reached }) => reached)),
        release: () => holds.forEach(({ release }) => release()),
      };
    },
    order,
    until: async (wanted) => void (await Promise.all(providers.map(({ name }) => assetAt(name, wanted)))),
    withEach: async (act) => {
      for (const provider of providers) await act(await assetAt(provider.name, () => true), provider);
    },
    killed: async (meanwhile = () => {}) => {
      await studio.kill9();
      await meanwhile();
      await studio.start();
    },
    ends: async () => Object.fromEntries(await Promise.all(providers.map(endAt))) as ByProvider<End>,
    decided: () => providers.forEach(({ name }) => watch.decided(promptAt(name))),
    findings: async () => {
      const evidence = await readEvidence(world, inspectSqlite(join(studio.dataDir, "reelstate.sqlite")));
      const log = deliveries(providers, evidence);
      return [
        ...watch.findings,
        ...evidence.doctor,
        ...judgeLedger({ ...evidence, log }),
        ...(await judgeMedia(studio.url, evidence)),
        ...bugsIn(studio),
      ];
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
