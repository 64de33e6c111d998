import { Secret } from "../../Secret.ts";
import { homeText } from "./homeText.ts";
import type { ProviderSetting } from "@reelstate/db";
import type { Sealing } from "../../sealing/openSealing.ts";
import type { HostedSettings, KnownProvider } from "../hosted/HostedProvider.ts";

/** What is true of a provider here: the environment first, then what people have set, then what it is by itself. */
export interface Settled {
  readonly known: KnownProvider;
  readonly setting: ProviderSetting | null;
  readonly enabled: boolean;
  readonly home: { readonly url: URL; readonly from: "default" | "environment" | "settings" } | null;
  readonly key: SettledKey | null;
  /** With this it can be opened; null: it lacks something. */
  readonly opens: Pick<HostedSettings, "home" | "key"> | null;
}

export type SettledKey =
  | { readonly from: "environment" | "settings"; readonly secret: Secret }
  /** One is kept that cannot be read here. */
  | { readonly from: "settings"; readonly secret: null };

const NO_KEY = new Secret("");

export type KeyNeeded = "required" | "optional" | "none";

export function keyNeeded({ provider: { keyVariable, keyOptional } }: KnownProvider): KeyNeeded {
  if (keyVariable === null) return "none";
  return keyOptional === true ? "optional" : "required";
}

export async function settleProvider(
  known: KnownProvider,
  setting: ProviderSetting | null,
  sealing: Pick<Sealing, "unseal">,
): Promise<Settled> {
  const home = homeOf(known, setting);
  const key = home === null ? null : await keyOf({ known, setting }, home.url, sealing);
  const needed = keyNeeded(known);
  const secret = key === null ? (needed === "required" ? null : NO_KEY) : key.secret;
  const opens = home === null || secret === null ? null : { home: home.url, key: secret };
  // What needs no key is not turned on by being there: it is by whoever names where it is, or says so.
  const turnedOn = needed === "required" || home?.from !== "default" || known.key !== null;
  return { known, setting, enabled: setting?.enabled ?? turnedOn, home, key, opens };
}

/** A key of the environment goes where the environment says, and nowhere that a page names. */
function homeOf({ provider, home, key }: KnownProvider, setting: ProviderSetting | null): Settled["home"] {
  if (home !== null) return { url: home, from: "environment" };
  const set = key === null ? (setting?.home ?? null) : null;
  if (set !== null) return { url: new URL(set), from: "settings" };
  return provider.defaultHome === null ? null : { url: new URL(provider.defaultHome), from: "default" };
}

/** A key that was kept is for the home it was entered for, whatever that is changed to afterwards. */
async function keyOf(
  { known, setting }: Pick<Settled, "known" | "setting">,
  home: URL,
  { unseal }: Pick<Sealing, "unseal">,
): Promise<SettledKey | null> {
  if (known.key !== null) return { from: "environment", secret: known.key };
  if (setting === null || setting.sealedKey === null || known.provider.keyVariable === null) return null;
  if (setting.keyHome !== homeText(home)) return null;
  const owner = { provider: known.provider.name, home: setting.keyHome };
  return { from: "settings", secret: await unseal(setting.sealedKey, owner) };
}
