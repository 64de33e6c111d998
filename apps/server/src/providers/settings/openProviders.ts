import { span } from "../../span.ts";
import { currentCatalogue, openCatalogue } from "../openCatalogue.ts";
import { openHosted } from "../hosted/openHosted.ts";
import { ProviderUnusable } from "../hosted/ProviderUnusable.ts";
import { homeText } from "./homeText.ts";
import { inOrder } from "./inOrder.ts";
import { settleProvider } from "./settleProvider.ts";
import type { Store } from "@reelstate/db";
import type { Logger } from "pino";
import type { Secret } from "../../Secret.ts";
import type { Timers } from "../../Timers.ts";
import type { Sealing } from "../../sealing/openSealing.ts";
import type { Catalogue } from "../openCatalogue.ts";
import type { Provider } from "../Provider.ts";
import type { HostedPlace, KnownProvider } from "../hosted/HostedProvider.ts";
import type { Settled } from "./settleProvider.ts";

/** A provider as it is set up here, and as it is opened, where it can be. */
export interface SetUp extends Settled {
  readonly provider: Provider | null;
  /** Why it could not be opened although it lacks nothing. */
  readonly flaw: string | null;
}

export interface ProvidersDeps extends Timers, Pick<HostedPlace, "storage"> {
  readonly store: Pick<Store, "providerSettings" | "settingsRevision" | "setLimits" | "onWake">;
  readonly sealing: Sealing;
  readonly random: () => number;
  readonly log: Logger;
}

export interface Providers {
  /** What there is at each moment. */
  readonly catalogue: Catalogue;
  /** Those that can be set up, in the order in which they are offered. */
  readonly all: () => readonly SetUp[];
  /** Looks whether anything was set since, here or by another process, and follows it. */
  readonly refresh: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A change is heard of by its wake; where that is lost, within this much. */
const LOOK_EVERY_MS = 2_000;
/** However often there is work to wake for. */
const QUIET_MS = 500;

/**
 * What is made by whom, from the environment and from what people set while the studio runs. A change opens what it turns on and
 * closes nothing: attempts go on with the provider that they began with, until the studio is stopped. What is off stays open, for
 * what is under way with it (P1, P6, P7).
 *
 * `fixed` are those that nobody sets up; they come first. Throws `ProviderUnusable` for one that the environment turns on and
 * that cannot be opened; what a page has set is never a reason not to start.
 */
export async function openProviders(
  deps: ProvidersDeps,
  { fixed, known }: { readonly fixed: readonly Provider[]; readonly known: readonly KnownProvider[] },
): Promise<Providers> {
  const { store, log } = deps;
  const everOpened = new Set<Provider>(fixed);
  let current: Catalogue = openCatalogue(fixed);
  let setUp: readonly SetUp[] = [];
  let revision = -1;
  let limits = "";
  let closed = false;

  async function load(): Promise<void> {
    const { settings, revision: found } = await store.providerSettings();
    const first = revision < 0;
    const settled = await Promise.all(
      known.map((one) =>
        settleProvider(one, settings.find(({ name }) => name === one.provider.name) ?? null, { unseal }),
      ),
    );
    const place = ({ setting }: Settled): number => setting?.position ?? Number.MAX_SAFE_INTEGER;
    const taken = new Set(fixed.flatMap(({ models }) => models.map(({ id }) => id)));
    // The environment's choose first, at whatever place: what a page has set is no reason not to start.
    const choosing = settled.toSorted((a, b) => claimOf(b) - claimOf(a) || place(a) - place(b));
    const chosen = choosing.map((one) => withProvider(one, taken, first));
    const next = chosen.toSorted((a, b) => place(a) - place(b) || known.indexOf(a.known) - known.indexOf(b.known));
    const catalogue = catalogueOf(next, found);
    // What another process can open and this one cannot is limited by that one.
    const wanted = JSON.stringify([catalogue.limits, catalogue.kept.awaited]);
    if (wanted !== limits) await store.setLimits(catalogue.limits, catalogue.kept);
    // All at once, and last: what could not be followed is begun anew.
    [setUp, current, revision, limits] = [next, catalogue, found, wanted];
  }

  /** What cannot be read is left as it is: with the right sealing key it is there again. */
  const unseal: Sealing["unseal"] = async (sealed, owner) => {
    const key = await deps.sealing.unseal(sealed, owner).catch((err: unknown) => {
      log.warn({ err, provider: owner.provider }, "the sealing key cannot be read");
      return null;
    });
    if (key === null) log.warn({ provider: owner.provider }, UNREADABLE);
    return key;
  };

  /** The one that is open, as long as it is sent to the same place with the same key. */
  function withProvider(settled: Settled, taken: Set<string>, first: boolean): SetUp {
    const { opens, known: one } = settled;
    if (opens === null) return { ...settled, provider: null, flaw: null };
    const before = setUp.find(({ known: other }) => other === one);
    const reused = before !== undefined && isSame(before.opens, opens) ? before.provider : null;
    try {
      const provider = reused ?? opened(one, opens);
      const clash = clashOf(provider, taken);
      if (clash !== null) {
        // One that was in use stays open, for what is under way with it.
        if (reused === null) leave(provider, opens.key);
        throw new ProviderUnusable(clash);
      }
      everOpened.add(provider);
      for (const { id } of provider.models) taken.add(id);
      return { ...settled, provider, flaw: null };
    } catch (cause) {
      const flaw = opens.key.hideIn(cause instanceof Error ? cause.message : String(cause));
      if (first && byEnvironment(settled) && settled.enabled)
        throw cause instanceof ProviderUnusable ? cause : new ProviderUnusable(`${one.provider.name}: ${flaw}`);
      log.error({ provider: one.provider.name, flaw }, "a provider cannot be used as it is set up");
      return { ...settled, provider: null, flaw };
    }
  }

  function opened(one: KnownProvider, { home, key }: NonNullable<Settled["opens"]>): Provider {
    const create = one.createAt(home);
    if (typeof create === "string") throw new ProviderUnusable(create);
    return openHosted({ provider: { ...one.provider, create }, home, key, folder: one.folder }, deps);
  }

  function clashOf({ name, models }: Provider, taken: ReadonlySet<string>): string | null {
    if (fixed.some((other) => other.name === name)) return `${name} is the name of another one, which nobody sets up.`;
    const twice = models.find(({ id }) => taken.has(id));
    return twice === undefined ? null : `${name} offers ${twice.id}, which another one offers already.`;
  }

  /** Nothing was begun with it. */
  function leave(provider: Provider, key: Secret): void {
    provider.close().catch((cause: unknown) => {
      log.warn({ provider: provider.name, flaw: key.hideIn(String(cause)) }, "a provider did not close");
    });
  }

  function catalogueOf(all: readonly SetUp[], settings: number): Catalogue {
    const hosted = all.flatMap(({ provider, setting }) =>
      provider === null ? [] : [{ ...provider, models: inOrder(provider.models, setting?.modelOrder ?? []) }],
    );
    const off = all.flatMap(({ provider, enabled, setting }) =>
      enabled ? (setting?.modelsOff ?? []) : (provider?.models ?? []).map(({ id }) => id),
    );
    return openCatalogue([...fixed, ...hosted], {
      off: new Set(off),
      atOnce: new Map(
        all.flatMap(({ known: one, setting }) => {
          const atOnce = setting?.atOnce ?? null;
          return atOnce === null ? [] : [[one.provider.name, atOnce] as const];
        }),
      ),
      awaited: all.flatMap((one) => (isAwaited(one) ? [one.known.provider.name] : [])),
      settings,
    });
  }

  let loading: Promise<void> = Promise.resolve();
  /** One after the other, so that the last to begin is the last to be followed. */
  function refresh(): Promise<void> {
    const work = loading.then(async () => {
      if (closed || (await store.settingsRevision()) === revision) return;
      await load();
    });
    loading = work.catch(() => {});
    return work;
  }

  let sinceLook = span(deps);
  let stopTimer = (): void => {};
  function look(): void {
    sinceLook = span(deps);
    refresh().catch((err: unknown) => log.debug({ err }, "the settings could not be looked at; trying again"));
  }
  function lookLater(): void {
    // Not all processes at the same moment.
    stopTimer = deps.after(LOOK_EVERY_MS * (0.75 + deps.random() / 2), () => {
      look();
      lookLater();
    });
  }

  try {
    await load();
  } catch (error) {
    await closeAll();
    throw error;
  }
  lookLater();
  const stopListening = store.onWake(({ work }) => {
    if (work && sinceLook() >= QUIET_MS) look();
  });

  async function closeAll(): Promise<void> {
    await Promise.all([...everOpened].map((provider) => provider.close()));
  }

  return {
    catalogue: currentCatalogue(() => current),
    all: () => setUp,
    refresh,
    close: async () => {
      closed = true;
      stopTimer();
      stopListening();
      await loading;
      await closeAll();
    },
  };
}

const UNREADABLE =
  "the key of a provider cannot be read here, and is left as it is; every process needs the REELSTATE_SECRET, or the secret.key in " +
  "DATA_DIR, that it was sealed with. Entered again, it is sealed anew";

function isSame(one: Settled["opens"], other: NonNullable<Settled["opens"]>): boolean {
  return one !== null && homeText(one.home) === homeText(other.home) && one.key.reveal() === other.key.reveal();
}

/** One that needs no key and is where it always is was turned on by a page, unless the environment names either. */
function byEnvironment({ known, key, home }: Settled): boolean {
  const named = known.key !== null || known.home !== null;
  return named && key?.from !== "settings" && home?.from !== "settings";
}

/** Whose models' names go first. */
function claimOf(one: Settled): number {
  if (!byEnvironment(one)) return 0;
  return one.enabled ? 2 : 1;
}

/** Someone has set it up, and it will be there again: what waits for it is nobody's only when that is taken back. */
function isAwaited({ provider, flaw, setting }: SetUp): boolean {
  return provider === null && (flaw !== null || (setting !== null && setting.sealedKey !== null));
}
