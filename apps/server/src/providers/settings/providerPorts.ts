import { invalid, whereKept, whereRead } from "../../commands/refusals.ts";
import { Secret } from "../../Secret.ts";
import { besideDefault } from "../hosted/besideDefault.ts";
import { homeText } from "./homeText.ts";
import { providerCard } from "./providerCard.ts";
import { keyNeeded } from "./settleProvider.ts";
import { checkableAt, tryKey } from "./tryKey.ts";
import type {
  CheckProviderInput,
  Outcome,
  ProviderCard,
  ProviderCheck,
  ProviderPorts,
  Refusal,
  SaveProviderInput,
} from "@reelstate/api";
import type { SaveProviderSetting, Store } from "@reelstate/db";
import type { Logger } from "pino";
import type { Timers } from "../../Timers.ts";
import type { Sealing } from "../../sealing/openSealing.ts";
import type { HostedPlace } from "../hosted/HostedProvider.ts";
import type { Providers, SetUp } from "./openProviders.ts";

export interface ProviderPortsDeps extends Timers, Pick<HostedPlace, "storage"> {
  readonly store: Pick<Store, "saveProviderSetting" | "orderProviders">;
  readonly sealing: Sealing;
  readonly providers: Pick<Providers, "all" | "refresh">;
  readonly log: Logger;
}

/** What people may set about providers. What comes from the environment they see, and cannot change. */
export function providerPorts(deps: ProviderPortsDeps): ProviderPorts {
  const { store, providers, sealing, log } = deps;

  return {
    list: async () => {
      await whereRead(providers.refresh());
      return providers.all().map(providerCard);
    },
    save: (_caller, input) => whereKept(save(input)),
    order: (_caller, input) => whereKept(order(input.names)),
    check: (_caller, input) => whereKept(check(input)),
  };

  function find(name: string): SetUp | null {
    return providers.all().find(({ known }) => known.provider.name === name) ?? null;
  }

  async function save(input: SaveProviderInput): Promise<Outcome<ProviderCard>> {
    await providers.refresh();
    const one = find(input.name);
    if (one === null) return unknown(input.name);
    const refusal = misfit(one, input) ?? strayed(one, input);
    if (refusal !== null) return refusal;
    const key = await sealed(one, input);
    if ("ok" in key) return key;
    const { enabled, home, limit, models } = input;
    await store.saveProviderSetting({
      name: input.name,
      change: {
        ...key,
        ...(enabled === undefined ? {} : { enabled }),
        ...(home === undefined ? {} : { home: home === null ? null : homeText(new URL(home)) }),
        ...(limit === undefined ? {} : { atOnce: limit }),
        ...(models === undefined ? {} : { modelOrder: models.order, modelsOff: models.off }),
      },
    });
    log.info(
      { provider: input.name, set: Object.keys(input).filter((field) => field !== "name") },
      "a provider was set up",
    );
    // It is kept by now, whatever happens to the answer.
    await whereRead(providers.refresh());
    const after = find(input.name);
    return after === null ? unknown(input.name) : { ok: true, value: providerCard(after) };
  }

  /** Sealed for the address it is entered for, and for no other. */
  async function sealed(
    one: SetUp,
    { key, home }: SaveProviderInput,
  ): Promise<Pick<SaveProviderSetting["change"], "sealedKey" | "keyHome"> | Refusal> {
    if (key === undefined) return {};
    if (key === null) return { sealedKey: null, keyHome: null };
    const at = homeAfter(one, home);
    if (at === null) return invalid("home", "is needed with a key: it is sent nowhere else");
    const owner = { provider: one.known.provider.name, home: homeText(at) };
    try {
      return { sealedKey: await sealing.seal(new Secret(key), owner), keyHome: owner.home };
    } catch (err) {
      log.error({ err }, "a key could not be sealed, and was not kept");
      return { ok: false, why: "unavailable", message: UNSEALED };
    }
  }

  async function order(names: readonly string[]): Promise<Outcome<readonly ProviderCard[]>> {
    await providers.refresh();
    const there = providers.all().map(({ known }) => known.provider.name);
    const stranger = names.find((name) => !there.includes(name));
    if (stranger !== undefined) return invalid("names", `there is no provider ${stranger} here`);
    if (new Set(names).size !== names.length) return invalid("names", "has a provider twice");
    await store.orderProviders({ names: [...names, ...there.filter((name) => !names.includes(name))] });
    await whereRead(providers.refresh());
    return { ok: true, value: providers.all().map(providerCard) };
  }

  async function check(input: CheckProviderInput): Promise<Outcome<ProviderCheck>> {
    await providers.refresh();
    const one = find(input.name);
    if (one === null) return unknown(input.name);
    const refusal = misfit(one, input) ?? strayed(one, input);
    if (refusal !== null) return refusal;
    const home = homeAfter(one, input.home);
    if (home === null) return invalid("home", "is needed");
    const key = input.key === undefined ? keptFor(one, home) : new Secret(input.key);
    if (key === null) return invalid("key", one.key === null ? "is needed" : "cannot be read any more; enter it again");
    const { provider, folder, createAt } = one.known;
    const create = createAt(home);
    if (typeof create === "string") return invalid("home", create);
    const at = checkableAt(provider, home);
    if (provider.checkKey === undefined || at === null)
      return invalid("name", `${provider.name} has no call at this address that would try a key and cost nothing`);
    const settings = { provider: { ...provider, create }, home, key, folder };
    return { ok: true, value: await tryKey(settings, { checkKey: provider.checkKey, at }, deps) };
  }
}

const UNSEALED =
  "The key was not kept: what it is sealed with, secret.key in the studio's folder, could not be read or made. Whoever runs the " +
  "studio can look at the folder's rights, or set REELSTATE_SECRET.";

/** What is asked for and cannot be. The environment wins; a key of its goes nowhere that a page names. */
function misfit(
  { known: { provider, key, home } }: SetUp,
  asked: Pick<SaveProviderInput, "key" | "home">,
): Refusal | null {
  const typed = { key: typeof asked.key === "string", home: typeof asked.home === "string" };
  const { keyVariable, homeVariable } = provider;
  if (typed.key && keyVariable === null) return invalid("key", `${provider.name} takes none`);
  if (typed.key && key !== null)
    return invalid("key", `comes from the environment; change ${keyVariable} there, or take it out there first`);
  if (typed.home && home !== null)
    return invalid("home", `comes from the environment; change ${homeVariable} there, or take it out there first`);
  const beside = typeof asked.home === "string" ? besideDefault(new URL(asked.home), provider.defaultHome) : null;
  if (beside !== null) return invalid("home", `${beside}: it is ${provider.defaultHome}`);
  if (typed.home && key !== null)
    return invalid(
      "home",
      `cannot be another one here: the key comes from the environment (${keyVariable}), and so does where it is sent (${homeVariable})`,
    );
  return null;
}

/** A key that is kept is not sent to another address than it was entered for, whoever asks. */
function strayed(one: SetUp, { key, home }: Pick<SaveProviderInput, "key" | "home">): Refusal | null {
  const kept = one.setting?.keyHome ?? null;
  if (kept === null || key !== undefined || home === undefined || one.known.key !== null) return null;
  const at = homeAfter(one, home);
  if (at !== null && homeText(at) === kept) return null;
  return invalid(
    "key",
    `was entered for ${kept}, and is sent nowhere else; enter it again with the new address, or forget it`,
  );
}

/** Where it will live. */
function homeAfter({ known, home }: SetUp, asked: string | null | undefined): URL | null {
  if (asked === undefined) return home?.url ?? null;
  if (known.home !== null) return known.home;
  if (asked !== null) return new URL(homeText(new URL(asked)));
  const { defaultHome } = known.provider;
  return defaultHome === null ? null : new URL(defaultHome);
}

/** The key that there is for this address; an empty one where none is needed. */
function keptFor({ known, key, home }: SetUp, at: URL): Secret | null {
  if (key !== null && home !== null && homeText(home.url) === homeText(at)) return key.secret;
  return keyNeeded(known) === "required" ? null : new Secret("");
}

function unknown(name: string): Refusal {
  return invalid("name", `there is no provider ${name} here`);
}
