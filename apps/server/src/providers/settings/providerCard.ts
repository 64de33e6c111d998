import { homeText } from "./homeText.ts";
import { inOrder } from "./inOrder.ts";
import { keyNeeded } from "./settleProvider.ts";
import { checkableAt } from "./tryKey.ts";
import type { ProviderCard } from "@reelstate/api";
import type { Secret } from "../../Secret.ts";
import type { SetUp } from "./openProviders.ts";

const HINT_CHARS = 4;
/** Of a shorter one four characters would tell too much. */
const LEAST_CHARS = 12;

/** A provider as the settings show it: everything but its key. */
export function providerCard(one: SetUp): ProviderCard {
  const { known, setting, enabled, home, key, flaw, provider } = one;
  const { name, label = name, keyVariable, homeVariable, defaultHome } = known.provider;
  const at = home?.url ?? (defaultHome === null ? null : new URL(defaultHome));
  const off = new Set(setting?.modelsOff ?? []);
  return {
    name,
    label,
    state: stateOf(one),
    flaw,
    keyNeeded: keyNeeded(known),
    keyVariable,
    homeVariable,
    key: key === null ? null : { from: key.from, hint: key.secret === null ? "" : hintOf(key.secret) },
    home: home === null ? null : { value: homeText(home.url), from: home.from },
    enabled,
    limit: setting?.atOnce ?? null,
    checkable: at === null ? known.provider.checkKey !== undefined : checkableAt(known.provider, at) !== null,
    models: inOrder(provider?.models ?? [], setting?.modelOrder ?? []).map(
      ({ id, name: called, type, durationsMs, price }) => ({
        id,
        name: called,
        type,
        from: price({ durationMs: durationsMs?.default }),
        off: off.has(id),
      }),
    ),
  };
}

function stateOf({ enabled, home, key, provider, flaw }: SetUp): ProviderCard["state"] {
  if (!enabled) return "off";
  if (provider !== null) return "ready";
  if (flaw !== null) return "broken";
  if (home === null) return "needs_home";
  return key !== null && key.secret === null ? "key_unreadable" : "needs_key";
}

function hintOf(key: Secret): string {
  const text = key.reveal();
  return text.length < LEAST_CHARS ? "" : text.slice(-HINT_CHARS);
}
